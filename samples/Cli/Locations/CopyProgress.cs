using DevOps.Content;

namespace Cli;

/// <summary>Shows a bar on a terminal; elsewhere tells of each piece of content once, when it arrived or was there.</summary>
internal sealed class CopyProgress(Output output) : IProgress<ContentProgress>, IDisposable
{
    private readonly TransferBar? _bar = output.IsTerminal ? new(Console.Error, TimeProvider.System) : null;

    public void Report(ContentProgress value)
    {
        if (_bar is not null)
        {
            _bar.Report(value);
            return;
        }

        string? word = value.Phase switch
        {
            ContentPhase.Copied => "copied",
            ContentPhase.Mounted => "mounted",
            ContentPhase.Skipped => "present",
            _ => null,
        };
        if (word is not null)
        {
            output.Progress($"{word,-8} {value.Descriptor.Digest} {Output.Bytes(value.Descriptor.SizeBytes)}");
        }
    }

    public void Dispose() => _bar?.Close();

    internal void Plan(long bytes) => _bar?.Plan(bytes);
}

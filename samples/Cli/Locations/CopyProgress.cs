using DevOps.Content;

namespace Cli;

/// <summary>Tells of each piece of content once, when it arrived or was there.</summary>
internal sealed class CopyProgress(Output output) : IProgress<ContentProgress>
{
    public void Report(ContentProgress value)
    {
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
}

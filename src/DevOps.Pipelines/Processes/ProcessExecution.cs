using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Runs a process to its end.</summary>
internal static class ProcessExecution
{
    private const int LastLineCount = 20;

    // Helpers that a program leaves behind may keep its output open. Once nothing came for so long after its end, all of its own has come.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2);

    // No pipe holds more than this (Linux, /proc/sys/fs/pipe-max-size): when more came after the end of the program, a helper is still writing.
    private const long MaxLeftInPipes = 2 << 20;

    internal static async Task<ProcessResult> RunAsync(
        string fileName, IReadOnlyList<string> arguments, ProcessOptions options, Action<LogSource, string> log, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Process process = Start(fileName, arguments, options);
        process.StandardInput.Close();
        OutputCollector collector = new(options.MaxOutputLength, LastLineCount, log);

        // On threads of their own: a program that writes without end must not keep this one from seeing a cancellation.
        Task output = Task.WhenAll(
            Task.Run(() => LineReader.ReadAsync(process.StandardOutput, (line, isEnd) => collector.Add(LogSource.Output, line, isEnd)), CancellationToken.None),
            Task.Run(() => LineReader.ReadAsync(process.StandardError, (line, isEnd) => collector.Add(LogSource.Error, line, isEnd)), CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);

            // Who cancels wants no more of it: what comes in one short while is kept.
            await Task.WhenAny(output, Task.Delay(SilenceLimit, CancellationToken.None)).ConfigureAwait(false);
            collector.Close();
            throw;
        }

        await DrainAsync(output, collector).ConfigureAwait(false);
        return process.ExitCode == 0
            ? new(collector.Output)
            : throw new ProcessFailedException(Shown(fileName, arguments), process.ExitCode, collector.LastLines);
    }

    /// <summary>Returns the command as a person would write it.</summary>
    internal static string Shown(string fileName, IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend(fileName).Select(word => word.Length == 0 || word.Any(char.IsWhiteSpace) ? $"\"{word}\"" : word));

    private static Process Start(string fileName, IReadOnlyList<string> arguments, ProcessOptions options)
    {
        ProcessStartInfo info = new("", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        if (options.WorkingDirectory is { } directory)
        {
            info.WorkingDirectory = Directory.Exists(directory) ? directory : throw new DirectoryNotFoundException($"'{fileName}' cannot start in '{directory}': the directory does not exist.");
        }

        foreach ((string name, string? value) in options.Environment)
        {
            info.Environment[name] = value;
        }

        info.FileName = ProgramPath.Find(fileName, info.WorkingDirectory, info.Environment);
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new ProcessStartException(fileName, e.Message, e);
        }
    }

    private static async Task DrainAsync(Task output, OutputCollector collector)
    {
        long atEnd = collector.Length;
        long seen;
        do
        {
            seen = collector.Length;
            await Task.WhenAny(output, Task.Delay(SilenceLimit, CancellationToken.None)).ConfigureAwait(false);
        }
        while (!output.IsCompleted && collector.Length != seen && collector.Length - atEnd <= MaxLeftInPipes);
        collector.Close();
    }
}

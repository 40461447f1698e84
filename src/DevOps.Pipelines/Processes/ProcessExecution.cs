using System.Text;

namespace DevOps.Pipelines;

/// <summary>Runs a process to its end and judges how it ended.</summary>
internal static class ProcessExecution
{
    internal static async Task<ProcessResult> RunAsync(
        string fileName, IReadOnlyList<string> arguments, ProcessOptions options, ProcessScope scope, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OutputCollector collector = new(scope, options);
        ProcessExit exit;
        try
        {
            exit = await scope.Runner.RunAsync(ToRequest(fileName, arguments, options), collector, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            collector.Complete();
        }

        if (exit.TimedOut)
        {
            throw new ProcessTimeoutException(CommandText.Of(fileName, arguments, options.SecretArguments), options.Timeout ?? exit.Duration, collector.LastLines);
        }

        return options.AllowedExitCodes.Contains(exit.ExitCode)
            ? new(collector.Output) { ExitCode = exit.ExitCode, Duration = exit.Duration }
            : throw new ProcessFailedException(CommandText.Of(fileName, arguments, options.SecretArguments), exit.ExitCode, collector.LastLines);
    }

    /// <summary>Returns the command as a person would write it in a shell, secrets hidden.</summary>
    internal static string Shown(string fileName, IEnumerable<string> arguments, ProcessOptions options) => CommandText.Of(fileName, arguments, options.SecretArguments);

    /// <summary>Returns the end of an error's message.</summary>
    internal static string LastWords(string lastLines) => lastLines.Length == 0 ? " It wrote nothing." : $" Its last words:\n{lastLines}";

    private static ProcessRequest ToRequest(string fileName, IReadOnlyList<string> arguments, ProcessOptions options) => new()
    {
        FileName = fileName,
        Arguments = [.. arguments],
        WorkingDirectory = options.WorkingDirectory,
        InheritedEnvironment = options.InheritedEnvironment,
        Environment = options.Environment,
        StandardInput = Encoding.UTF8.GetBytes(options.StandardInput),
        Timeout = options.Timeout,
        GracePeriod = options.GracePeriod,
    };
}

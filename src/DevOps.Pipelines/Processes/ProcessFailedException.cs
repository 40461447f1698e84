namespace DevOps.Pipelines;

/// <summary>A process ended with a code that is not allowed.</summary>
public sealed class ProcessFailedException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="command">The command, as a person would write it, secrets hidden.</param>
    /// <param name="exitCode">The code it ended with.</param>
    /// <param name="lastLines">The last lines that it wrote.</param>
    public ProcessFailedException(string command, int exitCode, string lastLines)
        : base($"'{command}' ended with code {exitCode}{ProcessSignals.Explain(exitCode)}." + ProcessExecution.LastWords(lastLines)) => (Command, ExitCode, LastLines) = (command, exitCode, lastLines);

    /// <summary>Gets the command.</summary>
    public string Command { get; }

    /// <summary>Gets the code it ended with; 128 and the signal's number if a signal of Unix ended it.</summary>
    public int ExitCode { get; }

    /// <summary>Gets the last lines that it wrote, as they were logged.</summary>
    public string LastLines { get; }
}

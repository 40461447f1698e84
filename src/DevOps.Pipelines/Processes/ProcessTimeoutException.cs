namespace DevOps.Pipelines;

/// <summary>A process took longer than it may, and was ended with all that it had started.</summary>
public sealed class ProcessTimeoutException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="command">The command, as a person would write it, secrets hidden.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="lastLines">The last lines that it wrote.</param>
    public ProcessTimeoutException(string command, TimeSpan timeout, string lastLines)
        : base($"'{command}' did not end within {timeout:c} and was ended. Give it a longer {nameof(ProcessOptions)}.{nameof(ProcessOptions.Timeout)}, or find what it waits for." + ProcessExecution.LastWords(lastLines)) =>
        (Command, Timeout, LastLines) = (command, timeout, lastLines);

    /// <summary>Gets the command.</summary>
    public string Command { get; }

    /// <summary>Gets how long it may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Gets the last lines that it wrote, as they were logged.</summary>
    public string LastLines { get; }
}

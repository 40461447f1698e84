namespace DevOps.Pipelines;

/// <summary>A process ended with a code other than 0.</summary>
public sealed class ProcessFailedException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="command">The command, as a person would write it.</param>
    /// <param name="exitCode">The code it ended with.</param>
    /// <param name="lastLines">The last lines that it wrote.</param>
    public ProcessFailedException(string command, int exitCode, string lastLines)
        : base($"'{command}' ended with code {exitCode}." + (lastLines.Length == 0 ? " It wrote nothing." : $" Its last words:\n{lastLines}")) => (Command, ExitCode, LastLines) = (command, exitCode, lastLines);

    /// <summary>Gets the command.</summary>
    public string Command { get; }

    /// <summary>Gets the code it ended with.</summary>
    public int ExitCode { get; }

    /// <summary>Gets the last lines that it wrote.</summary>
    public string LastLines { get; }
}

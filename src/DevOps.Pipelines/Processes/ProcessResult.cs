namespace DevOps.Pipelines;

/// <summary>What came out of a process that ended as it should. Its text form leaves out the output.</summary>
/// <param name="Output">The standard output, lines ended by <c>\n</c>; cut at <see cref="ProcessOptions.MaxOutputLength"/>. It is as the process wrote it: secrets that are hidden in the log are not hidden here.</param>
public sealed record ProcessResult(string Output)
{
    /// <summary>Gets the code that the process ended with, one of <see cref="ProcessOptions.AllowedExitCodes"/>.</summary>
    public int ExitCode { get; init; }

    /// <summary>Gets how long the process ran.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Returns how the process ended.</summary>
    public override string ToString() => $"{nameof(ProcessResult)} {{ {nameof(ExitCode)} = {ExitCode}, {nameof(Duration)} = {Duration} }}";
}

namespace DevOps.Pipelines;

/// <summary>What went wrong, as data: it holds no secret and can be kept.</summary>
/// <param name="Type">The full name of the exception's type.</param>
/// <param name="Message">What it said.</param>
/// <param name="Details">The exception with all that caused it and where it came from; empty when the run was resumed after it.</param>
/// <param name="Kind">What kind of failure it was.</param>
/// <param name="ExitCode">The code that a process ended with, if that was the failure.</param>
public sealed record JobError(string Type, string Message, string Details, Failure Kind, int? ExitCode = null);

namespace DevOps.Pipelines;

/// <summary>How the log of a CI system marks what belongs together.</summary>
internal interface ILogMarkup
{
    /// <summary>Returns the line that opens the log of a job.</summary>
    string Open(JobResult job, string title);

    /// <summary>Returns a line of a job's log, so that it is no command to the CI system.</summary>
    string Line(string text);

    /// <summary>Returns the line that closes the log of a job.</summary>
    string Close(JobResult job);

    /// <summary>Returns the line that tells of a failure, or <see langword="null"/> if there is no such line.</summary>
    string? Problem(JobResult job);

    /// <summary>Returns the line that tells of an unstable job, or <see langword="null"/> if there is no such line.</summary>
    string? Warning(JobResult job);
}

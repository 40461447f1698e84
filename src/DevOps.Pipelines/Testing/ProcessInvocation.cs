namespace DevOps.Pipelines.Testing;

/// <summary>A process that a pipeline under test asked for.</summary>
/// <param name="Job">The name of the job that asked, or <see langword="null"/> if no job did.</param>
/// <param name="At">When.</param>
/// <param name="Request">What it asked for.</param>
public sealed record ProcessInvocation(string? Job, DateTimeOffset At, ProcessRequest Request)
{
    /// <summary>Gets the command as a person would write it. Secrets among the arguments are not hidden here: it is for assertions.</summary>
    public string Command => CommandText.Of(Request.FileName, Request.Arguments, []);

    /// <summary>Returns the job and the command.</summary>
    public override string ToString() => $"{Job}: {Command}";
}

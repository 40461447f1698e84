namespace DevOps.Pipelines;

/// <summary>A job that an earlier part of the run, or an earlier run, finished.</summary>
internal sealed record RecordedJob(JobResult Result)
{
    /// <summary>Gets the result's value as JSON; <see langword="null"/> if it has none or it could not be written.</summary>
    internal ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>Gets whether the job had a result that could not be written.</summary>
    internal bool IsValueLost { get; init; }

    /// <summary>Gets whether it was skipped because of something that went wrong.</summary>
    internal bool IsBehindFailure { get; init; }

    /// <summary>Gets the name of the group that it joined the run with.</summary>
    internal string? Group { get; init; }
}

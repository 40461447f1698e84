namespace DevOps.Pipelines;

/// <summary>What an input of a fingerprint is.</summary>
public enum FingerprintInputKind
{
    /// <summary>A version that people change when the code of the job means something else.</summary>
    Version,

    /// <summary>The names and contents of files.</summary>
    Files,

    /// <summary>A value given by the caller.</summary>
    Value,

    /// <summary>An environment variable; one that is not set is another thing than one that is empty.</summary>
    Variable,

    /// <summary>The result of a job that is needed.</summary>
    Result,
}

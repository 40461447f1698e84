namespace DevOps.Pipelines;

/// <summary>Says what an unstable job does to the jobs that need it.</summary>
public enum AfterUnstable
{
    /// <summary>They run.</summary>
    Continue,

    /// <summary>They are skipped.</summary>
    Skip,
}

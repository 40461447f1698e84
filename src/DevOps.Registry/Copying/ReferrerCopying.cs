namespace DevOps.Registry;

/// <summary>What a copy does with the manifests whose subject is copied: signatures, bills of materials.</summary>
public enum ReferrerCopying
{
    /// <summary>They stay.</summary>
    LeaveOut,

    /// <summary>They go along, and the referrers of referrers too. One question to the source for each manifest.</summary>
    Include,
}

namespace DevOps.Pipelines;

/// <summary>How something differs from an earlier time.</summary>
public enum InputChangeKind
{
    /// <summary>It was there, and is another now.</summary>
    Changed,

    /// <summary>It was not there.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Removed,
}

namespace DevOps.Content;

/// <summary>The two ends of a copy.</summary>
public enum CopySide
{
    /// <summary>Where content is read.</summary>
    Source,

    /// <summary>Where content is written.</summary>
    Target,
}

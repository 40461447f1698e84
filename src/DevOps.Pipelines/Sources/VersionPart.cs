namespace DevOps.Pipelines;

/// <summary>A number of a version.</summary>
public enum VersionPart
{
    /// <summary>The third.</summary>
    Patch,

    /// <summary>The second.</summary>
    Minor,

    /// <summary>The first.</summary>
    Major,
}

namespace DevOps.Pipelines;

/// <summary>A file that an artifact has is there already, and may not be replaced. Nothing was changed.</summary>
public sealed class ArtifactConflictException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="path">What is there already.</param>
    /// <param name="reason">Why it may not be replaced, as the end of a sentence.</param>
    public ArtifactConflictException(Artifact artifact, string path, string reason)
        : base($"The artifact '{artifact?.Name}' was not restored, and nothing was changed: '{path}' is there already, and {reason}. Restore it elsewhere, or remove what is there.")
    {
        ArgumentNullException.ThrowIfNull(artifact);
        (Artifact, Path) = (artifact, path);
    }

    /// <summary>Gets the artifact.</summary>
    public Artifact Artifact { get; }

    /// <summary>Gets what is there already.</summary>
    public string Path { get; }
}

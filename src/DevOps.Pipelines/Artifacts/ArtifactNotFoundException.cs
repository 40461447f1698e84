using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>An artifact is not in its store any more, or has expired.</summary>
public sealed class ArtifactNotFoundException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="origin">The store.</param>
    /// <param name="innerException">What the store said, if it said something.</param>
    public ArtifactNotFoundException(Artifact artifact, string origin, Exception? innerException = null) : base(Text(artifact, origin), innerException) =>
        (Artifact, Origin) = (artifact, origin);

    /// <summary>Gets the artifact.</summary>
    public Artifact Artifact { get; }

    /// <summary>Gets the store.</summary>
    public string Origin { get; }

    private static string Text(Artifact artifact, string origin)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        string end = artifact.ExpiresAt is { } time ? string.Create(CultureInfo.InvariantCulture, $"; it was kept until {time.UtcDateTime:yyyy-MM-dd HH:mm}Z") : "";
        return $"The artifact '{artifact.Name}' ({artifact.Digest}) cannot be had from {origin}{end}. Run the job that makes it again, or keep artifacts longer.";
    }
}

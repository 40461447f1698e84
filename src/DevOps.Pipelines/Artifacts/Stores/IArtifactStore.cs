namespace DevOps.Pipelines;

/// <summary>Somewhere that the files of artifacts are kept, packed, by their digests.</summary>
public interface IArtifactStore
{
    /// <summary>Returns whether the store has an artifact's bytes.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    ValueTask<bool> ContainsAsync(Artifact artifact, CancellationToken cancellationToken = default);

    /// <summary>Stores an artifact's bytes; they are there only when they are whole and are what the artifact says. Several may store the same at once.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="content">The packed files; read to the end and left open.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left of it as if whole.</param>
    /// <exception cref="DevOps.Content.ContentVerificationException">The bytes are not what the artifact says.</exception>
    Task WriteAsync(Artifact artifact, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Opens an artifact's bytes.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The packed files, from their start; the caller disposes the stream. It verifies what it reads: see <see cref="DevOps.Content.VerifyingStream"/>.</returns>
    /// <exception cref="ArtifactNotFoundException">The store does not have them.</exception>
    Task<Stream> OpenReadAsync(Artifact artifact, CancellationToken cancellationToken = default);
}

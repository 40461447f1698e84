using System.IO.Compression;
using DevOps.Archives.Extraction;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Restores files from artifacts.</summary>
public static class ArtifactRestoring
{
    /// <summary>Restores an artifact's files into a directory: all of them, or none.</summary>
    /// <param name="store">Where the artifact is.</param>
    /// <param name="artifact">The artifact.</param>
    /// <param name="directory">The directory; it is made when it does not exist. Nothing else may write there meanwhile.</param>
    /// <param name="options">How; <see cref="ArtifactRestoreOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the restore; nothing is left of it.</param>
    /// <exception cref="ArtifactNotFoundException">The store does not have it, or it has expired.</exception>
    /// <exception cref="ContentVerificationException">What the store has is damaged.</exception>
    /// <exception cref="InvalidContentException">It is no archive that can be read here, or larger than the options allow.</exception>
    /// <exception cref="UnsafeEntryException">A file or link in it would reach out of the directory.</exception>
    /// <exception cref="ArtifactConflictException">A file is there already and may not be replaced.</exception>
    /// <remarks>
    /// The files are unpacked and checked in a directory beside the place (in it, if it exists; its name starts with <c>.devops-restoring-</c>), and moved when all is right. If a move fails, those before it are undone.
    /// A process that is killed while it moves can leave some of the files, and that directory. No move goes through a symbolic link below the directory. Memory does not grow with the artifact's size.
    /// </remarks>
    public static async Task RestoreAsync(
        this IArtifactStore store, Artifact artifact, string directory, ArtifactRestoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= ArtifactRestoreOptions.Default;
        if (artifact.ExpiresAt <= options.TimeProvider.GetUtcNow())
        {
            throw new ArtifactNotFoundException(artifact, "its store");
        }

        if (artifact.MediaType is not (MediaTypes.LayerGzip or MediaTypes.Layer))
        {
            throw new InvalidContentException($"artifact '{artifact.Name}'", $"its media type '{artifact.MediaType}' is not one that is read here", remedy: "Save it again.");
        }

        Stream content = await store.OpenReadAsync(artifact, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using RestoreStage stage = RestoreStage.Create(directory, artifact);
            await ExtractAsync(content, artifact, stage.Files, options, cancellationToken).ConfigureAwait(false);
            CheckLinks(stage.Files, cancellationToken);
            stage.Publish(options.Existing);
        }
    }

    private static async Task ExtractAsync(Stream content, Artifact artifact, string directory, ArtifactRestoreOptions options, CancellationToken cancellationToken)
    {
        using Stream verifying = VerifyingStream.Ensure(content, new(artifact.MediaType, artifact.Digest, artifact.SizeBytes), $"the artifact '{artifact.Name}'");
        try
        {
            TarExtractOptions extraction = new() { MaxBytes = options.MaxBytes, MaxEntries = options.MaxFiles };
            using Stream tar = artifact.MediaType == MediaTypes.Layer ? verifying : new GZipStream(verifying, CompressionMode.Decompress, leaveOpen: true);
            TarExtractResult result = await TarExtraction.ExtractAsync(tar, directory, extraction, cancellationToken).ConfigureAwait(false);
            if (!result.Skipped.IsEmpty)
            {
                throw new UnsafeEntryException(result.Skipped[0], "it is neither a file nor a directory nor a link");
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidContentException or UnsafeEntryException)
        {
            // Damaged bytes make no sense before their end is reached: that they are damaged is the better answer.
            await verifying.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            if (e is InvalidDataException)
            {
                throw new InvalidContentException($"artifact '{artifact.Name}'", "it is no gzip data", e, "Save it again.");
            }

            throw;
        }

        await verifying.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
    }

    // The extraction follows no link, but what comes after it would. Neither does this: a link to a directory is not gone into.
    private static void CheckLinks(string root, CancellationToken cancellationToken)
    {
        Stack<DirectoryInfo> ahead = new([new(root)]);
        while (ahead.TryPop(out DirectoryInfo? directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (FileSystemInfo info in directory.EnumerateFileSystemInfos())
            {
                if (info.LinkTarget is { } target)
                {
                    string path = Path.GetRelativePath(root, info.FullName).Replace(Path.DirectorySeparatorChar, '/');
                    if (LinkEnd.Of(root, path, target).Escape is { } escape)
                    {
                        throw new UnsafeEntryException(path, escape);
                    }
                }
                else if (info is DirectoryInfo below)
                {
                    ahead.Push(below);
                }
            }
        }
    }
}

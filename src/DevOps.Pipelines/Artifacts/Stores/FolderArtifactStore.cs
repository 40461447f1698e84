using DevOps.Archives;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Keeps artifacts in a directory, each as a file named by its digest. Several processes may use it at once.</summary>
/// <remarks>A file appears whole or not at all, and is verified whenever it is read. Its time of access, set at each use, says when it was used last.</remarks>
public sealed class FolderArtifactStore : IArtifactStore, IArtifactDeleter, IArtifactTrimmer
{
    private const string Version = "1";
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);

    private readonly string _blobs;
    private readonly TimeProvider _timeProvider;

    /// <summary>Uses a directory; it is made when something is stored.</summary>
    /// <param name="directory">The directory. What is not the store's own in it stays as it is.</param>
    /// <param name="timeProvider">The clock; the system's if <see langword="null"/>.</param>
    public FolderArtifactStore(string directory, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        DirectoryPath = Path.GetFullPath(directory);
        _blobs = Path.Combine(DirectoryPath, Version);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Gets the directory.</summary>
    public string DirectoryPath { get; }

    private string Origin => $"the folder '{DirectoryPath}'";

    /// <inheritdoc/>
    /// <remarks>A file of another size than the artifact's is damaged, and does not count.</remarks>
    public ValueTask<bool> ContainsAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        FileInfo file = new(PathOf(artifact));
        return ValueTask.FromResult(file.Exists && file.Length == artifact.SizeBytes);
    }

    /// <inheritdoc/>
    /// <remarks>A file that is there is replaced, so that saving again repairs what was damaged.</remarks>
    public async Task WriteAsync(Artifact artifact, Stream content, CancellationToken cancellationToken = default)
    {
        string path = PathOf(artifact);
        ArgumentNullException.ThrowIfNull(content);
        using Stream verifying = VerifyingStream.Ensure(content, new(artifact.MediaType, artifact.Digest, artifact.SizeBytes), "the content to write");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile file = AtomicFile.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await verifying.CopyToAsync(file.Content, 1 << 17, cancellationToken).ConfigureAwait(false);
            file.Content.Flush(flushToDisk: true);
            file.Commit();
        }

        // A journal that names the artifact is durable; so is the artifact.
        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        DirectoryFlush.Flush(DirectoryPath);

        Touch(path);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        string path = PathOf(artifact);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            Touch(path);
            return Task.FromResult<Stream>(new VerifyingStream(file, new(artifact.MediaType, artifact.Digest, artifact.SizeBytes), Origin));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactNotFoundException(artifact, Origin, e);
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        string path = PathOf(artifact);
        bool isThere = File.Exists(path);
        if (isThere)
        {
            File.Delete(path);
        }

        return Task.FromResult(isThere);
    }

    /// <inheritdoc/>
    /// <remarks>Unfinished files that are older than a day go too: they are of processes that were killed.</remarks>
    public Task<long> TrimAsync(long maxBytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        RemoveLeftovers();
        List<FileInfo> files = [.. Files(file => file.Name.Length >= 64 && file.Name.All(char.IsAsciiHexDigitLower))];
        long held = files.Sum(file => file.Length);
        long removed = 0;
        long bound = maxBytes / 10 * 9;
        foreach (FileInfo file in files.Where(_ => held > maxBytes).OrderBy(file => file.LastAccessTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (held - removed <= bound)
            {
                break;
            }

            removed += file.Length;
            File.Delete(file.FullName);
        }

        return Task.FromResult(removed);
    }

    private void RemoveLeftovers()
    {
        DateTime oldest = (_timeProvider.GetUtcNow() - LeftoverAge).UtcDateTime;
        foreach (FileInfo file in Files(file => file.Extension == ".partial" && file.LastWriteTimeUtc < oldest))
        {
            File.Delete(file.FullName);
        }
    }

    // A file can vanish between being listed and being asked.
    private IEnumerable<FileInfo> Files(Func<FileInfo, bool> isWanted)
    {
        DirectoryInfo directory = new(_blobs);
        EnumerationOptions everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = true };
        return directory.Exists ? directory.EnumerateFiles("*", everything).Where(file => file.LinkTarget is null && file.Exists && isWanted(file)) : [];
    }

    // A folder may be for reading only.
    private void Touch(string path)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, _timeProvider.GetUtcNow().UtcDateTime);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string PathOf(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        Digest digest = artifact.Digest;
        return Path.Combine(_blobs, digest.AlgorithmName, digest.Hex[..2], digest.Hex);
    }
}

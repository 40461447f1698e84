using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;

namespace DevOps.Pipelines;

/// <summary>Saves files as artifacts.</summary>
public static class ArtifactSaving
{
    // A time that every tool can store: that of ZIP begins in 1980. None is that of now, so that nothing restored looks newer than what it was made of.
    private static readonly DateTimeOffset ModifiedAt = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int PermissionBits = 0x1FF;

    /// <summary>Saves the files below a root that patterns choose.</summary>
    /// <param name="store">Where they go.</param>
    /// <param name="name">What people call them.</param>
    /// <param name="root">The root; paths in the artifact start there.</param>
    /// <param name="patterns">What is chosen.</param>
    /// <param name="options">How; <see cref="ArtifactSaveOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the saving; nothing is left of it.</param>
    /// <returns>The artifact. The same files give the same digest: their order, times and owners are not kept, their modes are. What restores them gives them a time in the year 2000.</returns>
    /// <exception cref="UnmatchedPatternException">A pattern chooses no file.</exception>
    /// <exception cref="FileSelectionException">A chosen file is a pipe or a device, or a symbolic link that is absolute, leads out of the root or round in a loop. Other links are kept as links, also those to files that are not there.</exception>
    /// <exception cref="FileLimitException">There is more than the options allow.</exception>
    /// <exception cref="IOException">A file cannot be read, changed or vanished meanwhile, or there is no room for the packed file or in the store.</exception>
    /// <exception cref="UnauthorizedAccessException">A file or directory may not be read.</exception>
    /// <remarks>Memory: about 200 bytes for each file, beside that of <see cref="TarPacker"/>. The packed file lies in <see cref="ArtifactSaveOptions.WorkDirectory"/> until the store has it.</remarks>
    public static async Task<Artifact> SaveAsync(
        this IArtifactStore store, string name, string root, FilePatterns patterns, ArtifactSaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        Artifact.CheckName(name);
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(patterns);
        options ??= ArtifactSaveOptions.Default;
        FileSelection selection = FileWalk.Find(root, patterns, options.Limits, cancellationToken);
        if (options.Unmatched == UnmatchedPatterns.Fail ? !selection.Unmatched.IsEmpty : options.Unmatched == UnmatchedPatterns.FailWhenAll && selection.FileCount == 0)
        {
            throw new UnmatchedPatternException($"'{name}'", root, selection.Unmatched);
        }

        string packed = Path.Combine(options.WorkDirectory, $"devops-artifact-{Path.GetRandomFileName()}");
        FileStream content = new(packed, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await using (content.ConfigureAwait(false))
        {
            PackResult result = await TarPacker.PackAsync(Items(selection, options), content, new() { Compression = PackCompression.Gzip(options.Level) }, cancellationToken).ConfigureAwait(false);
            if (result.SizeBytes > options.MaxStoredBytes)
            {
                throw new FileLimitException($"packed, they have {result.SizeBytes} bytes, and {options.MaxStoredBytes} is all there is room for", options.MaxStoredBytes);
            }

            DateTimeOffset now = options.TimeProvider.GetUtcNow();
            Artifact artifact = new(name, result.Digest, result.SizeBytes, selection.FileCount) { CreatedAt = now, ExpiresAt = now + options.ExpireAfter };
            content.Position = 0;
            await store.WriteAsync(artifact, content, cancellationToken).ConfigureAwait(false);
            return artifact;
        }
    }

    private static async IAsyncEnumerable<TarItem> Items(FileSelection selection, ArtifactSaveOptions options)
    {
        foreach (SelectedFile file in selection.Files)
        {
            yield return file.Kind switch
            {
                FileKind.Directory => new(Member(file, TarMemberKind.Directory, options), null),
                FileKind.SymbolicLink => new(new(file.Path, TarMemberKind.SymbolicLink) { LinkTarget = file.Link!.Target, ModifiedAt = ModifiedAt }, null),
                _ => new(Member(file, TarMemberKind.File, options) with { LengthBytes = file.LengthBytes }, TarContent.FromFile(Path.Join(selection.Root, file.Path))),
            };
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static TarMember Member(in SelectedFile file, TarMemberKind kind, ArtifactSaveOptions options)
    {
        const int anyExecute = 0x49;
        TarMember member = new(file.Path, kind) { ModifiedAt = ModifiedAt };
        return options.Modes == FileModes.Preserve && !OperatingSystem.IsWindows() ? member with { Mode = file.Mode & PermissionBits }
            : kind == TarMemberKind.File && (file.Mode & anyExecute) != 0 ? member with { Mode = 0x1ED }
            : member;
    }
}

using System.Runtime.InteropServices;
using DevOps.Archives.Directories;

namespace DevOps.Archives.Tar;

/// <summary>Where the bytes of a file in an archive come from. Nothing is opened before the archive reaches it; it can be opened any number of times.</summary>
public sealed class TarContent
{
    private readonly Func<CancellationToken, ValueTask<Stream>> _open;
    private readonly FileStatus _status;
    private readonly WalkLife? _walk;

    private TarContent(Func<CancellationToken, ValueTask<Stream>> open, in FileStatus status = default, WalkLife? walk = null) => (_open, _status, _walk) = (open, status, walk);

    /// <summary>Gets the file on disk that is read; <see langword="null"/> where the bytes come from elsewhere.</summary>
    public string? FilePath { get; private init; }

    internal ReadOnlyMemory<byte>? Bytes { get; private init; }

    /// <summary>Gets what the walk that gave this content saw of the file; <see langword="null"/> where there was none, or it is over: what is kept may be old.</summary>
    internal FileStatus? Status => _walk is { IsOver: false } ? _status : null;

    /// <summary>Describes the content of a file on disk.</summary>
    /// <param name="path">The file; a relative path counts from the current directory of the moment it is read.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL in it.</exception>
    public static TarContent FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The path of a file cannot have a NUL in it.", nameof(path));
        }

        return new(_ => new(Open(path))) { FilePath = path };
    }

    internal static TarContent FromFile(string path, in FileStatus status, WalkLife walk) => new(_ => new(Open(path)), status, walk) { FilePath = path };

    /// <summary>Describes content in memory.</summary>
    /// <param name="bytes">The content; kept, not copied, and not to be changed.</param>
    public static TarContent FromBytes(ReadOnlyMemory<byte> bytes) => new(_ => new(Reader(bytes))) { Bytes = bytes };

    /// <summary>Describes content from anywhere. The member that it belongs to states its length: more or fewer bytes are an error when they are packed.</summary>
    /// <param name="open">Opens the content at its start; the stream is disposed by who packs it. Called once each time that the archive is written, never for several members at once.</param>
    public static TarContent FromStream(Func<CancellationToken, ValueTask<Stream>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new(open);
    }

    /// <summary>Opens the content at its start.</summary>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The content; the caller disposes it.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidOperationException">What opens the content gave no stream.</exception>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _open(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("The function that opens the content of a member returned no stream. Return an empty one where there is nothing.");
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);

    private static MemoryStream Reader(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array) && array.Array is not null
            ? new(array.Array, array.Offset, array.Count, writable: false)
            : new(bytes.ToArray(), writable: false);
}

using System.Buffers;

namespace DevOps.Archives.Tar;

/// <summary>Writes a tar archive whose bytes depend on nothing but the members and their order.</summary>
/// <remarks>
/// Headers are USTAR; a PAX header comes before only where a member does not fit: a path that cannot be split, a name that is not ASCII, a file of 8 GiB and more,
/// an owner above 2,097,151, extended attributes. Users and groups have numbers and no names. Not safe for use by several threads at once. Memory: one pooled buffer of 128 KiB.
/// </remarks>
public sealed class TarArchiveWriter
{
    private const int BufferBytes = 1 << 17;

    private readonly Stream _output;
    private bool _completed;

    /// <summary>Creates a writer.</summary>
    /// <param name="output">Where the archive goes; left open.</param>
    public TarArchiveWriter(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Writes a member.</summary>
    /// <param name="member">What the archive says of it.</param>
    /// <param name="content">Exactly <see cref="TarMember.LengthBytes"/> bytes of a file; left open. <see langword="null"/> for an empty file and for other members.</param>
    /// <param name="cancellationToken">Stops the writing; the archive is then unusable.</param>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    /// <exception cref="IOException">The content has another length than stated; the archive is then unusable.</exception>
    public async Task WriteAsync(TarMember member, Stream? content = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(member);
        ObjectDisposedException.ThrowIf(_completed, this);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            ReadOnlyMemory<byte> headers = TarHeaders.Write(member, buffer);
            await _output.WriteAsync(headers, cancellationToken).ConfigureAwait(false);
            if (member.Kind == TarMemberKind.File)
            {
                await WriteContentAsync(member, content ?? Stream.Null, buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes a member with its content, which is opened and disposed here.</summary>
    /// <param name="item">The member. For content that is a file or in memory, its length is taken from there.</param>
    /// <param name="cancellationToken">Stops the writing; the archive is then unusable.</param>
    /// <exception cref="ArgumentException">A link has no target.</exception>
    /// <exception cref="IOException">The content cannot be opened, or has another length than stated; the archive is then unusable.</exception>
    public async Task WriteAsync(TarItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Member.Kind != TarMemberKind.File || item.Content is not { } content)
        {
            await WriteAsync(item.Member, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        Stream stream = await content.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            bool isKnown = content.FilePath is not null || content.Bytes is not null;
            await WriteAsync(isKnown ? item.Member with { LengthBytes = stream.Length } : item.Member, stream, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the end of the archive: two blocks of zeros.</summary>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (!_completed)
        {
            _completed = true;
            await _output.WriteAsync(new byte[2 * UstarHeader.Length], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteContentAsync(TarMember member, Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        long left = member.LengthBytes;
        while (left > 0)
        {
            int read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferBytes, left)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw WrongLength(member, isShort: true);
            }

            await _output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            left -= read;
        }

        if (await content.ReadAsync(buffer.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) != 0)
        {
            throw WrongLength(member, isShort: false);
        }

        int padding = (int)(Padded(member.LengthBytes) - member.LengthBytes);
        buffer.AsSpan(0, padding).Clear();
        await _output.WriteAsync(buffer.AsMemory(0, padding), cancellationToken).ConfigureAwait(false);
    }

    internal static IOException WrongLength(TarMember member, bool isShort) =>
        new($"'{member.Path}' {(isShort ? "ended early" : "went on")} while it was read: its {nameof(TarMember.LengthBytes)} says {member.LengthBytes} bytes. State the length that its content has; if that changed meanwhile, pack when nothing writes to it.");

    private static long Padded(long length) => (length + UstarHeader.Length - 1) / UstarHeader.Length * UstarHeader.Length;
}

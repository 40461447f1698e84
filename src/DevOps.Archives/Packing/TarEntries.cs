using DevOps.Archives.Tar;

namespace DevOps.Archives.Packing;

/// <summary>The first stage of packing: members become the bytes of an archive.</summary>
internal sealed class TarEntries
{
    private readonly byte[] _header = new byte[UstarHeader.Length];

    /// <summary>Gets how many members were written.</summary>
    internal long Count { get; private set; }

    internal async Task WriteAsync(IAsyncEnumerable<TarItem> items, PackWriter writer, CancellationToken cancellationToken)
    {
        await foreach (TarItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ArgumentNullException.ThrowIfNull(item, nameof(items));
            await WriteAsync(item, writer, cancellationToken).ConfigureAwait(false);
            Count++;
        }

        await writer.WriteZerosAsync(2 * UstarHeader.Length).ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(TarItem item, PackWriter writer, CancellationToken cancellationToken)
    {
        TarMember member = item.Member;
        if (member.Kind == TarMemberKind.File && LengthOf(item) is long known && known != member.LengthBytes)
        {
            member = member with { LengthBytes = known };
        }

        await writer.WriteAsync(TarHeaders.Write(member, _header)).ConfigureAwait(false);
        if (member.Kind != TarMemberKind.File || member.LengthBytes == 0 && item.Content is null)
        {
            return;
        }

        if (item.Content?.FilePath is { } path)
        {
            await writer.WriteFileAsync(path, member.Path, member.LengthBytes).ConfigureAwait(false);
        }
        else if (item.Content?.Bytes is { } bytes)
        {
            await writer.WriteAsync(bytes).ConfigureAwait(false);
        }
        else
        {
            await WriteStreamAsync(item, member, writer, cancellationToken).ConfigureAwait(false);
        }

        await writer.WriteZerosAsync((int)(-member.LengthBytes & (UstarHeader.Length - 1))).ConfigureAwait(false);
    }

    // A length that was listed is kept and checked as the file is read; one that was not is asked for.
    private static long? LengthOf(TarItem item) => item.Content switch
    {
        { Bytes: { } bytes } => bytes.Length,
        { FilePath: { } path, Status: null } when item.Member.LengthBytes == 0 => new FileInfo(path).Length,
        _ => null,
    };

    private static async ValueTask WriteStreamAsync(TarItem item, TarMember member, PackWriter writer, CancellationToken cancellationToken)
    {
        Stream stream = item.Content is { } content ? await content.OpenAsync(cancellationToken).ConfigureAwait(false) : Stream.Null;
        await using (stream.ConfigureAwait(false))
        {
            long read = await writer.WriteStreamAsync(stream, member.LengthBytes).ConfigureAwait(false);
            if (read != member.LengthBytes)
            {
                throw TarArchiveWriter.WrongLength(member, read < member.LengthBytes);
            }
        }
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DevOps.Archives.Compression;
using DevOps.Archives.Compression.Deflate;
using DevOps.Archives.Packing;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Archives.Caching;

/// <summary>Looks compressed segments up by their content, and stores them. Safe for use by several threads.</summary>
/// <remarks>
/// An entry has a head of 64 bytes and the compressed bytes. The head: "DSEG" and the format's version, the key of 32 bytes, the content's length and checksum, the compressed length, and last the checksum
/// of all else, the compressed bytes included. So an entry that was damaged, cut off, or has another's name is not taken.
/// </remarks>
internal sealed class SegmentReuse(CacheSession session, string recipe)
{
    internal const int HeadBytes = 64;

    private const int KeyOffset = 8;
    private const int ContentLengthOffset = 40;
    private const int ContentCrcOffset = 44;
    private const int CompressedLengthOffset = 48;
    private const int EntryCrcOffset = 60;

    private readonly byte[] _recipe = Encoding.UTF8.GetBytes(recipe + '\0');

    private static ReadOnlySpan<byte> Magic => "DSEG\0\0\0\x01"u8;

    /// <summary>Returns what a segment is found by: the hash of the recipe and of the content's hash.</summary>
    /// <returns><see langword="null"/> for content that does not get smaller: hashing it takes longer than copying it.</returns>
    internal byte[]? KeyOf(ReadOnlySpan<byte> content)
    {
        if (RawRuns.Predict(content))
        {
            session.CountCompressed();
            return null;
        }

        byte[] text = new byte[_recipe.Length + SHA256.HashSizeInBytes];
        _recipe.CopyTo(text, 0);
        SHA256.HashData(content, text.AsSpan(_recipe.Length));
        return SHA256.HashData(text);
    }

    /// <summary>Reads a segment.</summary>
    /// <returns>The compressed length and the checksum of the content; <see langword="null"/> where there is no whole entry. What is in <paramref name="output"/> then has no meaning.</returns>
    internal (int CompressedLength, uint ContentCrc)? Find(byte[] key, int contentLength, NativeBuffer output)
    {
        (int, uint)? found = session.Read<(int, uint)?>(() => Read(key, contentLength, output));
        if (found is null)
        {
            session.CountCompressed();
        }
        else
        {
            session.CountReused();
        }

        return found;
    }

    /// <summary>Stores a segment, unless compressing it again costs less than it gained.</summary>
    internal void Store(byte[] key, int contentLength, uint contentCrc, ReadOnlyMemory<byte> compressed)
    {
        // What did not get smaller is found out fast, and would take the room of what did.
        if (compressed.Length > contentLength - (contentLength >> 5))
        {
            return;
        }

        session.Write(HeadBytes + compressed.Length, () =>
        {
            byte[] head = new byte[HeadBytes];
            Magic.CopyTo(head);
            key.CopyTo(head, KeyOffset);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(ContentLengthOffset), contentLength);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(ContentCrcOffset), contentCrc);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(CompressedLengthOffset), compressed.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(EntryCrcOffset), Crc32.Append(Crc32.Append(0, head.AsSpan(0, EntryCrcOffset)), compressed.Span));
            session.Folder.Write(PathOf(key), partial =>
            {
                using SafeFileHandle file = File.OpenHandle(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                RandomAccess.Write(file, [head, compressed], 0);
            });
        });
    }

    /// <summary>Tells whether the bytes of an entry are whole, and stand under their own name.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> entry, string name) =>
        entry.Length >= HeadBytes && entry.StartsWith(Magic) && Convert.ToHexStringLower(entry[KeyOffset..ContentLengthOffset]) == name
        && BinaryPrimitives.ReadInt32LittleEndian(entry[CompressedLengthOffset..]) == entry.Length - HeadBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(entry[EntryCrcOffset..]) == Crc32.Append(Crc32.Append(0, entry[..EntryCrcOffset]), entry[HeadBytes..]);

    private (int, uint)? Read(byte[] key, int contentLength, NativeBuffer output)
    {
        string path = PathOf(key);
        if (!File.Exists(path))
        {
            return null;
        }

        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[HeadBytes];
        long length = RandomAccess.GetLength(file) - HeadBytes;
        if (length < 0 || length > SegmentEncoder.MaxOutputBytes(contentLength) || RandomAccess.Read(file, head, 0) != HeadBytes
            || !head.StartsWith(Magic) || !head.Slice(KeyOffset, key.Length).SequenceEqual(key)
            || BinaryPrimitives.ReadInt32LittleEndian(head[ContentLengthOffset..]) != contentLength || BinaryPrimitives.ReadInt32LittleEndian(head[CompressedLengthOffset..]) != length)
        {
            session.Damaged(path);
            return null;
        }

        Span<byte> compressed = output.GetSpan()[..(int)length];
        if (RandomAccess.Read(file, compressed, HeadBytes) != length
            || Crc32.Append(Crc32.Append(0, head[..EntryCrcOffset]), compressed) != BinaryPrimitives.ReadUInt32LittleEndian(head[EntryCrcOffset..]))
        {
            session.Damaged(path);
            return null;
        }

        session.Folder.Touch(path);
        return ((int)length, BinaryPrimitives.ReadUInt32LittleEndian(head[ContentCrcOffset..]));
    }

    private string PathOf(byte[] key) => session.Folder.PathOf(CacheFolder.Segments, Convert.ToHexStringLower(key));
}

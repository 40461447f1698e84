using System.Buffers.Binary;
using System.Numerics;

namespace DevOps.Pipelines;

/// <summary>A record in a file: its length (4 bytes), a check of the length and of the record's number (4), its bytes, and a check of all of that (4). Numbers are little-endian.</summary>
/// <remarks>The number is not written: it is the frame's place in the file. A frame that was moved, doubled or left out does not check out.</remarks>
internal static class JournalFrame
{
    internal const int MaxRecordBytes = 16 << 20;

    internal const int HeadBytes = 8;

    internal const int TailBytes = 4;

    internal const int OverheadBytes = HeadBytes + TailBytes;

    private const uint Mask = 0x5A5A5A5A;

    internal static void CheckLength(int lengthBytes)
    {
        if (lengthBytes > MaxRecordBytes)
        {
            throw new ArgumentException($"{lengthBytes} bytes are more than the {MaxRecordBytes} that a record may have. Keep what is large in a file, and its name in the record.");
        }
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="number">The record's place, from 0.</param>
    /// <param name="record">The bytes.</param>
    /// <param name="recordCheck">Their <see cref="Crc32C"/>, which needs no number: it is computed before it is the record's turn.</param>
    /// <param name="frame">Takes the bytes and <see cref="OverheadBytes"/>.</param>
    internal static void Write(long number, ReadOnlySpan<byte> record, uint recordCheck, Span<byte> frame)
    {
        uint headCheck = HeadCheck(number, (uint)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], headCheck);
        record.CopyTo(frame[HeadBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(HeadBytes + record.Length)..], TailOf(recordCheck ^ headCheck));
    }

    /// <summary>Reads the length from the head of a frame.</summary>
    /// <returns>Whether it is the length of that record, and one that a record may have.</returns>
    internal static bool TryReadHead(long number, ReadOnlySpan<byte> head, out int lengthBytes)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        lengthBytes = unchecked((int)length);
        return length <= MaxRecordBytes && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == HeadCheck(number, length);
    }

    /// <summary>Tells whether a frame with a good head holds what was written.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> frame)
    {
        uint headCheck = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(frame[^TailBytes..]) == TailOf(Crc32C.Compute(frame[HeadBytes..^TailBytes]) ^ headCheck);
    }

    private static uint HeadCheck(long number, uint lengthBytes) =>
        ~BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, (ulong)number), lengthBytes);

    // Changes places of the few values with less than two bytes that are not zero and of others that have more. So no damage of one byte can make a tail zero, and a tail of zeros is one that was never written.
    private static uint TailOf(uint check) => IsNearlyZero(check) || IsNearlyZero(check ^ Mask) ? check ^ Mask : check;

    private static bool IsNearlyZero(uint value) => (value & 0xFFFFFF00) == 0 || (value & 0xFFFF00FF) == 0 || (value & 0xFF00FFFF) == 0 || (value & 0x00FFFFFF) == 0;
}

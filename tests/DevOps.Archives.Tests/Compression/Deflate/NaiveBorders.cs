using System.Buffers.Binary;
using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Tests.Compression.Deflate;

/// <summary>The borders as <see cref="SegmentRules"/> define them, with every candidate compared to every other in reach.</summary>
internal static class NaiveBorders
{
    internal static bool IsHit(ReadOnlySpan<byte> bytes, int position, int densityBits)
    {
        uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes[position..]);
        uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 4)..]);
        uint hash = (low * 0xA70FA9C1) + (high * 0xCF8682F9);
        return hash < 1U << 31 && hash >= (1U << 31) - (1U << (32 - densityBits));
    }

    internal static List<long> All(byte[] content, SegmentRules rules)
    {
        List<long> borders = [];
        long start = 0;
        foreach (long end in Natural(content, rules).Append(content.Length))
        {
            for (; end - start > rules.MaxSegmentBytes; start += rules.MaxSegmentBytes)
            {
                borders.Add(start + rules.MaxSegmentBytes);
            }

            if (end > start)
            {
                borders.Add(end);
                start = end;
            }
        }

        return borders;
    }

    internal static List<long> Natural(byte[] content, SegmentRules rules)
    {
        List<(long Position, ulong Key)> candidates = Candidates(content, rules.DensityBits);
        List<long> borders = [];
        for (int i = 0; i < candidates.Count; i++)
        {
            (long position, ulong key) = candidates[i];
            bool isBorder = position > 0;
            for (int before = i - 1; isBorder && before >= 0 && candidates[before].Position >= position - rules.WindowBytes; before--)
            {
                isBorder = key < candidates[before].Key;
            }

            for (int behind = i + 1; isBorder && behind < candidates.Count && candidates[behind].Position <= position + rules.WindowBytes; behind++)
            {
                isBorder = key <= candidates[behind].Key;
            }

            if (isBorder)
            {
                borders.Add(position);
            }
        }

        return borders;
    }

    internal static List<(long Position, ulong Key)> Candidates(byte[] content, int densityBits)
    {
        List<(long Position, ulong Key)> candidates = [];
        int lastHit = -1000;
        for (int position = 0; position + 8 <= content.Length; position++)
        {
            if (IsHit(content, position, densityBits))
            {
                if (position - lastHit > 63)
                {
                    candidates.Add((position, BorderHash.Key(BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(position)))));
                }

                lastHit = position;
            }
        }

        return candidates;
    }
}

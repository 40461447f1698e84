namespace DevOps.Archives.Tests.Compression;

/// <summary>Content for digests that must never change, made by arithmetic that cannot change either: text, records, bytes without order, zeros, and repeats near and far.</summary>
internal static class GoldenContent
{
    internal static byte[] Create(int length)
    {
        byte[] content = new byte[length];
        ulong state = 0x9E3779B97F4A7C15;
        for (int at = 0, part = 0; at < length; part++)
        {
            int count = Math.Min(length - at, 3_000 + (int)(Next(ref state) % 60_000));
            Fill(content.AsSpan(at, count), part % 6, ref state);
            if (part % 6 == 5 && at > 0)
            {
                int from = (int)(Next(ref state) % (ulong)at);
                content.AsSpan(from, Math.Min(count, at - from)).CopyTo(content.AsSpan(at));
            }

            at += count;
        }

        return content;
    }

    private static void Fill(Span<byte> part, int kind, ref ulong state)
    {
        for (int i = 0; i < part.Length; i++)
        {
            ulong next = Next(ref state);
            part[i] = kind switch
            {
                0 => (byte)next,
                1 => 0,
                2 => (byte)("etaoin shrdlu\n"[(int)(next % 14)]),
                3 => (byte)(i % 16 < 12 ? i / 16 % 7 : (int)(next & 3)),
                4 => (byte)("0123456789abcdef"[i % 997 * (i % 997) % 251 % 16]),
                _ => (byte)(i % 32 == 0 ? next : (ulong)(i >> 5)),
            };
        }
    }

    // Marsaglia's xorshift.
    private static ulong Next(ref ulong state)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state >> 11;
    }
}

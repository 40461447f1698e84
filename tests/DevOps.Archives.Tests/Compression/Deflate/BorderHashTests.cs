using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Tests.Compression.Deflate;

public unsafe class BorderHashTests
{
    private static readonly int Frozen = SegmentRules.Version1.Threshold;

    [Fact]
    public void Next_EveryVariant_FindsTheSameHits()
    {
        foreach (int densityBits in new[] { 2, 5, 7, 12 })
        {
            foreach (byte[] content in new[] { Contents.Random(20_000), Contents.Text(20_000), new byte[500], Contents.Random(8), Contents.Random(71), Contents.Random(72) })
            {
                List<int> expected = [.. Enumerable.Range(0, content.Length - 7).Where(position => NaiveBorders.IsHit(content, position, densityBits))];
                Assert.Equal(expected, Hits(content, densityBits, BorderHash.Next));
                Assert.Equal(expected, Hits(content, densityBits, BorderHash.NextScalar));
                if (BitConverter.IsLittleEndian)
                {
                    Assert.Equal(expected, Hits(content, densityBits, BorderHash.Next128));
                    Assert.Equal(expected, Hits(content, densityBits, BorderHash.Next256));
                }
            }
        }
    }

    [Fact]
    public void Next_BytesThatRepeatOneOrTwo_AreNoHit()
    {
        byte[] bytes = new byte[8];
        for (int value = 0; value < 1 << 16; value++)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(value >> (8 * (i & 1)));
            }

            fixed (byte* at = bytes)
            {
                Assert.Equal(1, BorderHash.Next(at, 0, 1, Frozen));
            }
        }
    }

    [Fact] // expected: written down when the rules were frozen; a change here moves the borders of every stream
    public void Version1_KnownContent_HasFrozenHitsAndKeys()
    {
        Assert.Equal(0x7FEFFFFF, Frozen);
        Assert.Equal(new SegmentRules(327_680, 1_310_720, 12), SegmentRules.Version1);
        Assert.Equal(0UL, BorderHash.Key(0));
        Assert.Equal(0xCA009717327D1F6EUL, BorderHash.Key(1));
        Assert.Equal(0xFC3392BB349F8BE2UL, BorderHash.Key(0x0123456789ABCDEF));
    }

    private delegate int Variant(byte* bytes, int at, int end, int threshold);

    private static List<int> Hits(byte[] content, int densityBits, Variant next)
    {
        int threshold = new SegmentRules(1, 1, densityBits).Threshold;
        List<int> hits = [];
        int end = content.Length - 7;
        fixed (byte* bytes = content)
        {
            for (int at = 0; (at = next(bytes, at, end, threshold)) < end; at++)
            {
                hits.Add(at);
            }
        }

        return hits;
    }
}

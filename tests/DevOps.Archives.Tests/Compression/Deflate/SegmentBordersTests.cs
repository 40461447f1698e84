using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Tests.Compression.Deflate;

public class SegmentBordersTests
{
    private static readonly SegmentRules[] SmallRules = [new(200, 800, 5), new(1000, 1001, 6), new(64, 5000, 3), new(3000, 7000, 8), new(1, 2, 4)];

    [Fact]
    public void Append_AnyContentAndChunks_GivesTheDefinedBorders()
    {
        Random random = new(5);
        foreach (SegmentRules rules in SmallRules)
        {
            foreach (byte[] content in Kinds(20_000).Concat(Enumerable.Range(0, 40).Select(Contents.Random)))
            {
                List<long> expected = NaiveBorders.All(content, rules);
                Assert.Equal(expected, Borders(content, rules, () => content.Length + 1));
                Assert.Equal(expected, Borders(content, rules, () => 1));
                Assert.Equal(expected, Borders(content, rules, () => random.Next(20)));
                Assert.Equal(expected, Borders(content, rules, () => random.Next(3000)));
            }
        }
    }

    [Fact]
    public void Append_RealRules_GivesTheDefinedBorders()
    {
        foreach (byte[] content in Kinds(4_000_000).Append(RisingKeys()))
        {
            List<long> expected = NaiveBorders.All(content, SegmentRules.Version1);
            Assert.Equal(expected, Borders(content, SegmentRules.Version1, () => 128 << 10));

            long start = 0;
            foreach (long end in expected)
            {
                Assert.InRange(end - start, 1, SegmentRules.Version1.MaxSegmentBytes);
                start = end;
            }
        }
    }

    [Fact]
    public void TryNext_BeforeTheEnd_GivesNaturalBordersAsSoonAsTheyAreCertain()
    {
        SegmentRules rules = new(1000, int.MaxValue, 6);
        byte[] content = Contents.Random(50_000);
        SegmentBorders borders = new(rules);
        Queue<long> expected = new(NaiveBorders.Natural(content, rules));
        for (int i = 0; i < content.Length; i++)
        {
            borders.Append(content.AsSpan(i, 1));
            if (expected.TryPeek(out long next) && i + 1 == next + rules.WindowBytes + 8)
            {
                Assert.True(borders.TryNext(out long border));
                Assert.Equal(expected.Dequeue(), border);
            }

            Assert.False(borders.TryNext(out _));
        }
    }

    [Fact]
    public void TryNext_ZerosOnly_CutsAtTheMaximumWithoutWaiting()
    {
        SegmentRules rules = new(1000, 4000, 12);
        SegmentBorders borders = new(rules);
        borders.Append(new byte[4000 + 7]);

        Assert.True(borders.TryNext(out long border));
        Assert.Equal(4000, border);

        borders.Append(new byte[4000 - 7]);
        borders.Complete();
        borders.Complete();
        Assert.True(borders.TryNext(out border));
        Assert.Equal(8000, border);
        Assert.False(borders.TryNext(out _));
    }

    [Fact]
    public void Complete_EmptyStream_HasNoSegment() => Assert.Empty(Borders([], SegmentRules.Version1, () => 1));

    [Fact]
    public void Add_RisingKeys_KeepsThemAllUntilTheyExpire()
    {
        CandidateQueue queue = new();
        for (int i = 0; i < 20_000; i++)
        {
            queue.Expire(i - 5000);
            queue.Add(i, (ulong)i);
            Assert.Equal(Math.Min(i + 1, 5001), queue.Count);
            Assert.Equal((ulong)Math.Max(0, i - 5000), queue.Lowest);
        }

        queue.Add(20_000, 0);
        Assert.Equal(1, queue.Count);
    }

    internal static List<long> Borders(byte[] content, SegmentRules rules, Func<int> chunkBytes)
    {
        SegmentBorders borders = new(rules);
        List<long> all = [];
        for (int at = 0; at < content.Length;)
        {
            int part = Math.Min(chunkBytes(), content.Length - at);
            borders.Append(content.AsSpan(at, part));
            at += part;
            Take(borders, all);
        }

        borders.Complete();
        Take(borders, all);
        return all;
    }

    private static void Take(SegmentBorders borders, List<long> all)
    {
        while (borders.TryNext(out long border))
        {
            all.Add(border);
        }
    }

    private static IEnumerable<byte[]> Kinds(int length)
    {
        yield return Contents.Random(length);
        yield return Contents.Text(length);
        yield return new byte[length];
        foreach (int period in new[] { 3, 9, 63, 64, 65, 500, 5000 })
        {
            byte[] unit = Contents.Random(period);
            yield return [.. Enumerable.Range(0, length).Select(i => unit[i % period])];
        }

        // Two values only: the same eight bytes stand in many places, so that keys tie.
        yield return [.. Contents.Random(length).Select(value => (byte)(value & 1))];
    }

    // The worst that content can do to the queue: a candidate in every 64 bytes, each higher than the one before.
    private static byte[] RisingKeys()
    {
        List<(ulong Key, ulong Bytes)> hits = [];
        Random random = new(9);
        byte[] bytes = new byte[8];
        while (hits.Count < 12_000)
        {
            random.NextBytes(bytes);
            if (NaiveBorders.IsHit(bytes, 0, 12))
            {
                ulong value = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                hits.Add((BorderHash.Key(value), value));
            }
        }

        hits.Sort();
        byte[] content = new byte[64 * hits.Count];
        for (int i = 0; i < hits.Count; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(64 * i), hits[i].Bytes);
        }

        return content;
    }
}

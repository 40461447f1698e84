using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Tests.Compression.Deflate;

/// <summary>What an edit may change: the borders near it, and no other.</summary>
public class SegmentBordersEditTests
{
    [Fact]
    public void Borders_EditedSmallContent_AreTheSameOutsideTheEditsReach()
    {
        Random random = new(11);
        foreach (SegmentRules rules in new SegmentRules[] { new(200, 800, 5), new(500, 501, 4), new(300, 100_000, 6) })
        {
            for (int i = 0; i < 2000; i++)
            {
                byte[] content = new byte[8000];
                random.NextBytes(content);
                Check(content, rules, random, maxEditBytes: 600);
            }
        }
    }

    [Fact]
    public void Borders_EditedLargeContent_AreTheSameOutsideTheEditsReach()
    {
        Random random = new(12);
        byte[] content = new byte[24_000_000];
        random.NextBytes(content);
        Contents.Text(6_000_000).CopyTo(content, 9_000_000);
        for (int i = 0; i < 20; i++)
        {
            Check(content, SegmentRules.Version1, random, maxEditBytes: i % 2 == 0 ? 100 : 1_000_000);
        }
    }

    [Fact]
    public void Borders_EditedRunOfZeros_AreTheSameFromTheNextNaturalOneOn()
    {
        SegmentRules rules = SegmentRules.Version1;
        byte[] content = [.. Contents.Random(3_000_000), .. new byte[6_000_000], .. Contents.Random(5_000_000)];
        byte[] edited = [.. content[..4_000_000], 1, 2, 3, .. content[4_000_000..]];
        List<long> before = Borders(content, rules);
        List<long> after = Borders(edited, rules);
        long natural = Natural(content, rules).First(border => border >= 4_000_000 + rules.WindowBytes + 63);

        Assert.InRange(natural, 9_000_000, 10_500_000);
        Assert.Equal(From(before, natural), From(after, natural + 3).Select(border => border - 3));
    }

    private static void Check(byte[] content, SegmentRules rules, Random random, int maxEditBytes)
    {
        int removed = random.Next(3) == 0 ? 0 : random.Next(maxEditBytes);
        int inserted = random.Next(3) switch { 0 => 0, 1 => removed, _ => random.Next(maxEditBytes) };
        int at = random.Next(content.Length - removed);
        byte[] insertion = new byte[inserted];
        random.NextBytes(insertion);
        byte[] edited = [.. content.AsSpan(0, at), .. insertion, .. content.AsSpan(at + removed)];
        long moved = inserted - removed;
        List<long> before = Borders(content, rules);
        List<long> after = Borders(edited, rules);

        // The borders before the edit's reach; the stream's end is not among them, as it is behind the edit.
        long reach = at - rules.WindowBytes - 8;
        Assert.Equal(before.Where(border => border <= reach), after.Where(border => border <= reach));

        // The natural borders behind its reach, and from the first of them on all borders.
        reach = at + removed + rules.WindowBytes + 63;
        List<long> natural = Natural(content, rules);
        List<long> naturalAfter = Natural(edited, rules);
        Assert.Equal(From(natural, reach), From(naturalAfter, reach + moved).Select(border => border - moved));
        long first = From(natural, reach).FirstOrDefault(content.Length);
        Assert.Equal(From(before, first), From(after, first + moved).Select(border => border - moved));

        // Not more than two segments behind the edit differ, where the maximum has no say.
        Assert.InRange(natural.Count(border => border >= at + removed && border < reach), 0, 2);
        Assert.InRange(naturalAfter.Count(border => border >= at + inserted && border < reach + moved), 0, 2);
    }

    private static List<long> Borders(byte[] content, SegmentRules rules) => SegmentBordersTests.Borders(content, rules, () => 256 << 10);

    private static List<long> Natural(byte[] content, SegmentRules rules) => Borders(content, rules with { MaxSegmentBytes = int.MaxValue });

    private static List<long> From(List<long> borders, long first) => [.. borders.Where(border => border >= first)];
}

using DevOps.Archives.Compression.Deflate;

namespace DevOps.Archives.Tests.Compression.Deflate;

public unsafe class HistogramTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(4001)]
    public void CountTokens_TokensOfEveryKind_CountsTheirSymbols(int count)
    {
        Random random = new(count);
        uint[] tokens = new uint[count];
        uint[] expected = new uint[Histogram.Count];
        for (int i = 0; i < count; i++)
        {
            uint first = (uint)random.Next(256);
            uint second = (uint)random.Next(256);
            int distance = random.Next(1, 32_769);
            switch (random.Next(3))
            {
                case 0:
                    tokens[i] = Tokens.Literal(first);
                    expected[first]++;
                    break;
                case 1:
                    tokens[i] = Tokens.LiteralPair(first | (second << 8));
                    expected[first]++;
                    expected[second]++;
                    break;
                default:
                    tokens[i] = Tokens.Match(first + DeflateFormat.MinMatch, (uint)distance);
                    expected[DeflateFormat.Length((int)first).Symbol]++;
                    expected[Histogram.DistanceStart + (int)DeflateFormat.Distance((uint)distance).Symbol]++;
                    break;
            }
        }

        Assert.Equal(expected, Count(tokens));
    }

    [Fact]
    public void Cost_EquallyOftenSymbols_IsTheirLogarithm()
    {
        // 64 symbols of the same count take six bits each.
        uint[] tokens = [.. Enumerable.Range(0, 640).Select(i => Tokens.Literal((uint)(i % 64)))];
        Histogram histogram = Counted(tokens);

        Assert.Equal(640UL * 6 * BitCost.One, histogram.Cost());
    }

    private static uint[] Count(uint[] tokens)
    {
        Histogram histogram = Counted(tokens);
        return [.. Enumerable.Range(0, Histogram.Count).Select(i => histogram[i])];
    }

    private static Histogram Counted(uint[] tokens)
    {
        Histogram histogram = default;
        uint[] scratch = new uint[Histogram.ScratchCount];
        fixed (uint* from = tokens, scratchStart = scratch)
        {
            Histogram.CountTokens(from, tokens.Length, &histogram, scratchStart);
        }

        return histogram;
    }
}

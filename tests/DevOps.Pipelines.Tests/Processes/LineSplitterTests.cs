using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class LineSplitterTests
{
    private const string Text = "one\r\ntwo\n\n\u00e9\u65e5\U0001F680\rprogress\r\r\nlast";

    [Fact]
    public void Write_CutAtEveryByte_IsTheSame()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Text);
        string[] expected = ["one", "two", "", "\u00e9\u65e5\U0001F680", "progress", "", "last"];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(expected, Lines(bytes[..cut], bytes[cut..]));
        }

        Assert.Equal(expected, Lines([.. bytes.Select(one => new[] { one })]));
    }

    [Theory] // Expected: Unicode 15, section 3.9, U+FFFD substitution of maximal subparts.
    [InlineData("ff", "\ufffd")]
    [InlineData("61e697", "a\ufffd")]
    [InlineData("e6970a61", "\ufffd|a")]
    [InlineData("efbbbf61", "a")]
    [InlineData("61efbbbf", "a\ufeff")]
    public void Write_OddBytes_BecomeReplacements(string hex, string expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(expected, string.Join('|', Lines(bytes)));
        Assert.Equal(expected, string.Join('|', Lines([.. bytes.Select(one => new[] { one })])));
    }

    [Theory]
    [InlineData(LineSplitter.MaxLineLength - 1, 1)]
    [InlineData(LineSplitter.MaxLineLength, 1)]
    [InlineData(LineSplitter.MaxLineLength + 1, 2)]
    [InlineData((LineSplitter.MaxLineLength * 3) + 5, 4)]
    public void Write_LongLine_ComesInPiecesOfWhichTheLastIsTold(int length, int pieces)
    {
        List<(string Line, bool IsEnd)> lines = [];
        LineSplitter splitter = new((line, isEnd) => lines.Add((line, isEnd)));
        splitter.Write(Encoding.UTF8.GetBytes(new string('x', length) + "\nnext\n"));
        splitter.Complete();
        Assert.Equal(pieces + 1, lines.Count);
        Assert.Equal(length, lines[..^1].Sum(line => line.Line.Length));
        Assert.All(lines[..^2], line => Assert.False(line.IsEnd));
        Assert.All(lines[^2..], line => Assert.True(line.IsEnd));
        Assert.All(lines, line => Assert.InRange(line.Line.Length, 1, LineSplitter.MaxLineLength));
    }

    [Fact]
    public void Write_LongLineOfPairs_SplitsNone()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("\U0001F680", LineSplitter.MaxLineLength));
        string[] lines = [.. Lines(Encoding.UTF8.GetBytes(text))];
        Assert.Equal(text, string.Concat(lines));
        Assert.All(lines, line => Assert.False(char.IsHighSurrogate(line[^1])));
    }

    [Fact]
    public void Write_Noise_LosesNothingAndStaysBounded()
    {
        foreach (byte[] noise in Damage.Noise(11, 60, 40_000))
        {
            string[] whole = [.. Lines(noise)];
            Assert.Equal(whole, Lines(noise[..(noise.Length / 3)], noise[(noise.Length / 3)..]));
            string expected = Encoding.UTF8.GetString(noise).TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            Assert.Equal(expected.Replace("\n", "", StringComparison.Ordinal), string.Concat(whole));
        }
    }

    private static List<string> Lines(params byte[][] pieces)
    {
        List<string> lines = [];
        LineSplitter splitter = new((line, _) => lines.Add(line));
        foreach (byte[] piece in pieces)
        {
            splitter.Write(piece);
        }

        splitter.Complete();
        return lines;
    }
}

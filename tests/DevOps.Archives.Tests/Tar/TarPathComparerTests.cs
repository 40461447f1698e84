using System.Text;

namespace DevOps.Archives.Tar.Tests;

public sealed class TarPathComparerTests
{
    // Digits, separators, letters, and the neighbours of the surrogates, where UTF-16 and UTF-8 disagree.
    private static readonly string[] Alphabet = ["-", ".", "/", "0", "A", "a", "b", "\u007F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFF", "\U00010000", "\U0001F600", "\U0010FFFF"];

    [Theory]
    [InlineData("a", "a", 0)]
    [InlineData("", "", 0)]
    [InlineData("", "a", -1)]
    [InlineData("a", "a/", -1)]
    [InlineData("a-b", "a/", -1)]
    [InlineData("a-b", "a/b", -1)]
    [InlineData("a/", "a/b", -1)]
    [InlineData("a/b", "a0", -1)]
    [InlineData("B", "a", -1)]
    [InlineData("\uFFFF", "\U00010000", -1)]
    [InlineData("\uD7FF", "\U00010000", -1)]
    [InlineData("\U0001F600", "\U0001F601", -1)]
    [InlineData(null, "", -1)]
    [InlineData(null, null, 0)]
    public void Compare_TwoPaths_IsTheOrderOfTheirBytes(string? x, string? y, int expected)
    {
        Assert.Equal(expected, Math.Sign(TarPathComparer.Instance.Compare(x, y)));
        Assert.Equal(-expected, Math.Sign(TarPathComparer.Instance.Compare(y, x)));
    }

    [Fact]
    public void Compare_RandomText_IsTheOrderOfItsUtf8Bytes()
    {
        Random random = new(12);
        for (int i = 0; i < 50_000; i++)
        {
            string x = Text(random);
            string y = random.Next(4) == 0 ? x + Text(random) : Text(random);
            int expected = Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
            Assert.True(Math.Sign(expected) == Math.Sign(TarPathComparer.Instance.Compare(x, y)), $"'{x}' and '{y}'");
        }
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
}

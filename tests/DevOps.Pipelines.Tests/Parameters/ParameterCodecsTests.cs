using System.Collections.Immutable;

namespace DevOps.Pipelines.Tests;

public sealed class ParameterCodecsTests
{
    private enum Level
    {
        Low,
        VeryHigh,
    }

    [Fact]
    public void Of_Values_AreReadTheSameOnEveryMachine()
    {
        Assert.Equal("a b", ParameterCodecs.Of<string>().Parse("a b"));
        Assert.Equal(-42, ParameterCodecs.Of<int>().Parse("-42"));
        Assert.Equal(1L << 40, ParameterCodecs.Of<long>().Parse("1099511627776"));
        Assert.Equal(1.5, ParameterCodecs.Of<double>().Parse("1.5"));
        Assert.Equal(1.50m, ParameterCodecs.Of<decimal>().Parse("1.50"));
        Assert.True(ParameterCodecs.Of<bool>().Parse("True"));
        Assert.Equal(Guid.Empty, ParameterCodecs.Of<Guid>().Parse("00000000-0000-0000-0000-000000000000"));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), ParameterCodecs.Of<DateTimeOffset>().Parse("2026-03-01T08:00:00"));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.FromHours(2)), ParameterCodecs.Of<DateTimeOffset>().Parse("2026-03-01T08:00:00+02:00"));
        Assert.Equal(new Uri("https://example.org/a?b"), ParameterCodecs.Uri.Parse("https://example.org/a?b"));
    }

    [Theory]
    [InlineData("01:30:00", 5400)]
    [InlineData("90m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("250ms", 0.25)]
    [InlineData("2d", 172800)]
    public void Of_Duration_NeedsAUnit(string text, double seconds) => Assert.Equal(seconds, ParameterCodecs.Of<TimeSpan>().Parse(text).TotalSeconds);

    [Fact]
    public void Parse_NoSuchValue_SaysWhatCameAndWhatIsExpected()
    {
        Assert.Equal("is '1,5' and not a number", Assert.Throws<FormatException>(() => ParameterCodecs.Of<double>().Parse("1,5")).Message);
        Assert.Equal("is '1,000' and not a number", Assert.Throws<FormatException>(() => ParameterCodecs.Of<decimal>().Parse("1,000")).Message);
        Assert.Equal("is '5' and not a duration, as 01:30:00 or 90m", Assert.Throws<FormatException>(() => ParameterCodecs.Of<TimeSpan>().Parse("5")).Message);
        Assert.Throws<FormatException>(() => ParameterCodecs.Of<TimeSpan>().Parse("99999999999999999999d"));
        Assert.Throws<FormatException>(() => ParameterCodecs.Of<int>().Parse("99999999999"));
        Assert.Throws<FormatException>(() => ParameterCodecs.Uri.Parse("not/absolute"));
        Assert.EndsWith("… and not a whole number", "is '" + Assert.Throws<FormatException>(() => ParameterCodecs.Of<int>().Parse(new string('9', 5000))).Message.Replace("'", "", StringComparison.Ordinal)[3..], StringComparison.Ordinal);
        Assert.Equal("is 'middle' and not one of Low, VeryHigh", Assert.Throws<FormatException>(() => ParameterCodecs.Enum<Level>().Parse("middle")).Message);
        Assert.Throws<FormatException>(() => ParameterCodecs.Enum<Level>().Parse("1"));
    }

    [Theory]
    [InlineData("VeryHigh")]
    [InlineData("very-high")]
    [InlineData("VERY_HIGH")]
    public void Enum_Name_IsReadWhateverItsCaseAndDashes(string text) => Assert.Equal(Level.VeryHigh, ParameterCodecs.Enum<Level>().Parse(text));

    [Fact]
    public void Choice_OtherCase_IsTheChoiceAsItStands()
    {
        ParameterCodec<string> codec = ParameterCodecs.Choice("linux", "macOS");
        Assert.Equal("macOS", codec.Parse("MACOS"));
        Assert.Throws<FormatException>(() => codec.Parse("windows"));
        Assert.Throws<ArgumentException>(() => ParameterCodecs.Choice());
        Assert.Throws<ArgumentException>(() => ParameterCodecs.Choice("a", "A"));
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a, b ,c", new[] { "a", "b", "c" })]
    [InlineData("a,b\n", new[] { "a,b" })]
    [InlineData("a,b\nc\r\n", new[] { "a,b", "c" })]
    public void List_Text_BecomesItems(string text, string[] expected)
    {
        ParameterCodec<ImmutableArray<string>> codec = ParameterCodecs.List(ParameterCodecs.Of<string>());
        Assert.Equal(expected, codec.Parse(text));
        Assert.Equal(expected, codec.Parse(codec.Format([.. expected])));
    }

    [Theory]
    [InlineData(",")]
    [InlineData("a,,b")]
    [InlineData("a,")]
    [InlineData("\n\n")]
    public void List_EmptyItem_IsRefused(string text) => Assert.Throws<FormatException>(() => ParameterCodecs.List(ParameterCodecs.Of<string>()).Parse(text));
}

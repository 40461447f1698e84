using System.Collections.Immutable;
using System.Text;

namespace DevOps.Archives.Tar.Tests;

public sealed class TarMemberTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    [InlineData("...")]
    [InlineData("..a/b..")]
    [InlineData(" ")]
    [InlineData("a\\..\\b")]
    public void Constructor_PathFromTheRoot_IsKept(string path) => Assert.Equal(path, new TarMember(path, TarMemberKind.File).Path);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("./a")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a/..")]
    [InlineData("a\0b")]
    public void Constructor_OtherPath_Throws(string path) => Assert.Throws<ArgumentException>(() => new TarMember(path, TarMemberKind.File));

    [Fact] // half of a surrogate pair would become U+FFFD in UTF-8, and two names one
    public void Constructor_InvalidUnicode_Throws()
    {
        foreach (string text in (string[])["\uD800", "a\uDC00b", "\U0001F600\uD83D", "\uDE00\uD83D"])
        {
            Assert.Throws<ArgumentException>(() => new TarMember(text, TarMemberKind.File));
            Assert.Throws<ArgumentException>(() => new TarMember("l", TarMemberKind.SymbolicLink) { LinkTarget = text });
            Assert.Throws<ArgumentException>(() => new TarMember("f", TarMemberKind.File) { ExtendedAttributes = Attributes((text, "v")) });
        }

        Assert.Equal("\U0001F600\uFFFDx", new TarMember("\U0001F600\uFFFDx", TarMemberKind.File).Path);
    }

    [Fact]
    public void Constructor_Kind_ChoosesTheMode()
    {
        Assert.Equal("644", Octal(TarMemberKind.File));
        Assert.Equal("755", Octal(TarMemberKind.Directory));
        Assert.Equal("777", Octal(TarMemberKind.SymbolicLink));
        Assert.Equal("644", Octal(TarMemberKind.HardLink));
        Assert.Equal(DateTimeOffset.UnixEpoch, new TarMember("a", TarMemberKind.File).ModifiedAt);
    }

    [Fact]
    public void With_OutOfRange_Throws()
    {
        TarMember member = new("a", TarMemberKind.File);
        Assert.Throws<ArgumentOutOfRangeException>(() => member with { Mode = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => member with { Mode = 4096 });
        Assert.Throws<ArgumentOutOfRangeException>(() => member with { OwnerId = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => member with { GroupId = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => member with { LengthBytes = -1 });
        Assert.Equal(4095, (member with { Mode = 4095 }).Mode);
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("user.a=b", "v")]
    [InlineData("user.\0", "v")]
    [InlineData("user.empty", "")]
    public void ExtendedAttributes_WhatARecordCannotHold_Throws(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new TarMember("a", TarMemberKind.File) { ExtendedAttributes = Attributes((name, value)) });

    [Fact]
    public void ExtendedAttributes_OtherComparer_AreSortedByBytesAllTheSame()
    {
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> attributes = Attributes(("user.b", "1"), ("user.A", "2"), ("user.a", "3")).WithComparers(Comparer<string>.Create((x, y) => string.CompareOrdinal(y, x)));
        Assert.Equal(["user.A", "user.a", "user.b"], new TarMember("a", TarMemberKind.File) { ExtendedAttributes = attributes }.ExtendedAttributes.Keys);
        Assert.Equal(new TarMember("a", TarMemberKind.File), new TarMember("a", TarMemberKind.File));
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Attributes(params (string Name, string Value)[] attributes) =>
        attributes.ToImmutableSortedDictionary(pair => pair.Name, pair => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(pair.Value), StringComparer.Ordinal);

    private static string Octal(TarMemberKind kind) => Convert.ToString(new TarMember("a", kind).Mode, 8);
}

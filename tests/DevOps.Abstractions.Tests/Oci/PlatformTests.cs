using System.Text.Json.Nodes;

namespace DevOps.Oci.Tests;

public sealed class PlatformTests
{
    [Theory] // expected: containerd/platforms, database.go, normalizeArch and normalizeOS
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/AMD64", "linux/amd64")]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("linux/x86-64", "linux/amd64")]
    [InlineData("linux/i386", "linux/386")]
    [InlineData("linux/i686", "linux/386")]
    [InlineData("linux/arm64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm64/8", "linux/arm64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/aarch64/v8", "linux/arm64")]
    [InlineData("linux/arm64/v9", "linux/arm64/v9")]
    [InlineData("linux/armhf", "linux/arm/v7")]
    [InlineData("linux/armel", "linux/arm/v6")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    [InlineData("linux/arm/7", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("linux/ARM/V6", "linux/arm/v6")]
    [InlineData("linux/amd64/v1", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("macos/arm64", "darwin/arm64")]
    [InlineData("windows/amd64", "windows/amd64")]
    [InlineData("linux/riscv64", "linux/riscv64")]
    [InlineData("unknown/unknown", "unknown/unknown")]
    public void Parse_OtherNames_AreNormalized(string text, string expected) => Assert.Equal(expected, Platform.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("linux")]
    [InlineData("linux/")]
    [InlineData("/amd64")]
    [InlineData("linux//v7")]
    [InlineData("linux/arm/v7/x")]
    [InlineData("linux/arm/")]
    [InlineData("linux amd64")]
    [InlineData("linux/amd 64")]
    [InlineData("linux/am\u00E9")]
    public void Parse_MalformedText_ThrowsFormatException(string text)
    {
        Assert.Throws<FormatException>(() => Platform.Parse(text));
        Assert.False(Platform.TryParse(text, out Platform? platform));
        Assert.Null(platform);
    }

    [Fact]
    public void TryParse_Null_ReturnsFalse() => Assert.False(Platform.TryParse(null, out _));

    [Fact]
    public void Constructor_MalformedWord_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Platform("", "amd64"));
        Assert.Throws<ArgumentException>(() => new Platform("linux", "a/b"));
        Assert.Throws<ArgumentException>(() => new Platform("linux", "arm", ""));
        Assert.Throws<ArgumentException>(() => new Platform("linux", new string('a', 65)));
        Assert.Throws<ArgumentNullException>(() => new Platform(null!, "amd64"));
    }

    [Theory]
    [InlineData("linux/arm", "linux/arm/v7", true)]
    [InlineData("linux/arm/v7", "linux/arm", false)]
    [InlineData("linux/arm/v7", "linux/arm/v6", false)]
    [InlineData("linux/arm64", "linux/arm64/v8", true)]
    [InlineData("linux/arm64/v8", "linux/arm64", true)]
    [InlineData("linux/amd64", "linux/arm64", false)]
    [InlineData("linux/amd64", "windows/amd64", false)]
    public void Accepts_Candidate_StatedMembersAgree(string wanted, string candidate, bool expected) =>
        Assert.Equal(expected, Platform.Parse(wanted).Accepts(Platform.Parse(candidate)));

    [Fact]
    public void Accepts_OsVersion_OnlyWhereStated()
    {
        Platform stated = new("windows", "amd64") { OsVersion = "10.0.20348.1" };

        Assert.True(new Platform("windows", "amd64").Accepts(stated));
        Assert.False(stated.Accepts(new Platform("windows", "amd64")));
        Assert.True(stated.Accepts(stated with { OsFeatures = ["win32k"] }));
    }

    [Fact]
    public void Equals_AllMembers_AreCompared()
    {
        Platform one = new("windows", "amd64") { OsVersion = "10", OsFeatures = ["win32k"] };

        Assert.Equal(one, new("windows", "amd64") { OsVersion = "10", OsFeatures = ["win32k"] });
        Assert.Equal(one.GetHashCode(), new Platform("windows", "amd64") { OsVersion = "10", OsFeatures = ["win32k"] }.GetHashCode());
        Assert.NotEqual(one, one with { OsVersion = null });
        Assert.NotEqual(one, one with { OsFeatures = [] });
    }

    [Fact]
    public void ToJson_AllMembers_ReadsBack()
    {
        Platform platform = new("windows", "arm", "v7") { OsVersion = "10.0", OsFeatures = ["win32k"] };
        Assert.Equal(platform, Platform.FromJson(platform.ToJson(), "test"));
    }

    [Fact]
    public void FromJson_EmptyVariant_IsNone() =>
        Assert.Null(Platform.FromJson(new JsonObject { ["os"] = "linux", ["architecture"] = "amd64", ["variant"] = "" }, "test").Variant);
}

using System.Text;
using System.Text.Json.Nodes;

namespace DevOps.Oci.Tests;

public sealed class ImageConfigTests
{
    [Fact]
    public void Parse_SpecificationExample_ReadsEveryMember()
    {
        ImageConfig config = Parse(ImageConfigExamples.Specification);

        Assert.Equal(Platform.LinuxAmd64, config.Platform);
        Assert.Equal(new DateTimeOffset(2015, 10, 31, 22, 22, 56, TimeSpan.Zero), config.Created!.Value.AddTicks(-(config.Created.Value.Ticks % TimeSpan.TicksPerSecond)));
        Assert.Equal("alice", config.User);
        Assert.Equal(["8080/tcp"], config.ExposedPorts);
        Assert.Equal(3, config.Env.Length);
        Assert.Equal(["/bin/my-app-binary"], config.Entrypoint);
        Assert.Equal(["--foreground", "--config", "/etc/my-app.d/default.cfg"], config.Cmd);
        Assert.Equal("/home/alice", config.WorkingDirectory);
        Assert.Equal(2, config.Labels.Count);
        Assert.Equal(
            ["sha256:c6f988f4874bb0add23a778f753c65efe992244e148a1d2ec2a8b664fb66bbd1", "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"],
            config.DiffIds.Select(diffId => diffId.ToString()));
        Assert.Equal([false, true, false], config.History.Select(line => line.IsEmptyLayer));
        Assert.Equal("/bin/sh -c apk add curl", config.History[2].CreatedBy);
    }

    [Fact]
    public void Parse_AnyFormatting_KeepsBytesAndDigest()
    {
        ImageConfig config = Parse(ImageConfigExamples.Specification);
        Assert.Equal(ImageConfigExamples.Specification, config.ToString());
        Assert.Equal(Digest.Compute(Encoding.UTF8.GetBytes(ImageConfigExamples.Specification)), config.Digest);
        Assert.Equal(MediaTypes.ImageConfig, config.MediaType);
    }

    [Fact]
    public void Parse_NullsAsGoWritesThem_AreEmpty()
    {
        ImageConfig config = Parse(ImageConfigExamples.Docker);

        Assert.Empty(config.Env);
        Assert.Empty(config.Cmd);
        Assert.Empty(config.Entrypoint);
        Assert.Empty(config.Labels);
        Assert.Empty(config.ExposedPorts);
        Assert.Empty(config.DiffIds);
        Assert.Empty(config.History);
        Assert.Equal("v3", config.Platform.Variant);
        Assert.Equal("10.0.1", config.Platform.OsVersion);
    }

    [Fact]
    public void Parse_NullConfig_IsEmpty() => Assert.Empty(Parse(With("config", "null")).Env);

    [Theory]
    [InlineData("os", null)]
    [InlineData("os", "\"\"")]
    [InlineData("os", "1")]
    [InlineData("os", "\"lin ux\"")]
    [InlineData("architecture", null)]
    [InlineData("architecture", "null")]
    [InlineData("variant", "7")]
    [InlineData("created", "\"yesterday\"")]
    [InlineData("created", "1700000000")]
    [InlineData("config", "[]")]
    [InlineData("config", "{\"Env\":\"A=1\"}")]
    [InlineData("config", "{\"Env\":[1]}")]
    [InlineData("config", "{\"Cmd\":\"sh\"}")]
    [InlineData("config", "{\"Entrypoint\":{}}")]
    [InlineData("config", "{\"Labels\":[]}")]
    [InlineData("config", "{\"Labels\":{\"a\":1}}")]
    [InlineData("config", "{\"User\":1654}")]
    [InlineData("config", "{\"WorkingDir\":[]}")]
    [InlineData("config", "{\"ExposedPorts\":[\"80/tcp\"]}")]
    [InlineData("rootfs", null)]
    [InlineData("rootfs", "null")]
    [InlineData("rootfs", "[]")]
    [InlineData("rootfs", "{\"type\":\"layers\",\"diff_ids\":[\"sha256:../../x\"]}")]
    [InlineData("rootfs", "{\"type\":\"layers\",\"diff_ids\":{}}")]
    [InlineData("history", "{}")]
    [InlineData("history", "[null]")]
    [InlineData("history", "[\"x\"]")]
    [InlineData("history", "[{\"created\":\"x\"}]")]
    public void Parse_BrokenMember_ThrowsInvalidContent(string member, string? value) =>
        Assert.Throws<InvalidContentException>(() => Parse(With(member, value)));

    [Fact]
    public void Parse_DuplicateKey_ThrowsInvalidContent() =>
        Assert.Throws<InvalidContentException>(() => Parse(ImageConfigExamples.Specification.Replace("\"User\": \"alice\"", "\"User\": \"alice\", \"User\": \"root\"", StringComparison.Ordinal)));

    [Fact]
    public void Parse_DepthBomb_ThrowsInvalidContent() =>
        Assert.Throws<InvalidContentException>(() => Parse("{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_001)));

    [Fact]
    public void Parse_MoreThanFourMebibytes_ThrowsInvalidContent() =>
        Assert.Throws<InvalidContentException>(() => ImageConfig.Parse(new byte[OciDocument.MaxLengthBytes + 1]));

    [Fact]
    public void Edit_OneMember_KeepsEveryUnknownOne()
    {
        JsonObject before = Parse(ImageConfigExamples.Docker).ToJson();
        JsonObject after = Parse(ImageConfigExamples.Docker).WithUser("1654").WithEnv("A", "<&'+>").WithLabel("x", "y").ToJson();

        before["config"]!["User"] = "1654";
        before["config"]!["Env"] = new JsonArray("A=<&'+>");
        before["config"]!["Labels"] = new JsonObject { ["x"] = "y" };
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public void Edit_Nothing_WritesHtmlCharactersAndPlusAsTheyAre()
    {
        ImageConfig config = ImageConfig.Empty.WithLabel("a", "<b>&'c'+\u00E9");
        Assert.Contains("\"<b>&'c'+\u00E9\"", config.ToString(), StringComparison.Ordinal);
        Assert.Equal(config.Digest, config.Edit(_ => { }).Digest);
    }

    [Fact]
    public void ForPlatform_Platform_IsTheSmallestConfig()
    {
        Assert.Equal(
            """{"architecture":"arm","os":"linux","variant":"v7","config":{},"rootfs":{"type":"layers","diff_ids":[]}}""",
            ImageConfig.ForPlatform(Platform.Parse("linux/arm/v7")).ToString());
        Assert.Equal(Platform.LinuxAmd64, ImageConfig.Empty.Platform);
        Platform windows = new("windows", "amd64") { OsVersion = "10.0.20348.1" };
        Assert.Equal(windows, ImageConfig.ForPlatform(windows).Platform);
    }

    [Theory] // expected: RFC 3339, section 5.6, with Go's RFC3339Nano trimming of zeros
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1, "1970-01-01T00:00:00.0000001Z")]
    [InlineData(5_000_000, "1970-01-01T00:00:00.5Z")]
    [InlineData(10_000_001, "1970-01-01T00:00:01.0000001Z")]
    public void WithCreated_Instant_IsWrittenInUtc(long ticks, string expected)
    {
        DateTimeOffset instant = DateTimeOffset.UnixEpoch.AddTicks(ticks).ToOffset(TimeSpan.FromHours(5));
        ImageConfig config = ImageConfig.Empty.WithCreated(instant);

        Assert.Equal(expected, (string?)config.ToJson()["created"]);
        Assert.Equal(instant, config.Created);
    }

    [Fact]
    public void Parse_EmptyCreated_IsNone()
    {
        Assert.Null(Parse(With("created", "\"\"")).Created);
        Assert.Equal(DateTimeOffset.MinValue, Parse(With("created", "\"0001-01-01T00:00:00Z\"")).Created);
    }

    [Fact] // OCI image-spec 1.1, config.md, "os.features"
    public void Parse_OsFeatures_AreOfThePlatform() => Assert.Equal(["win32k"], Parse(With("os.features", "[\"win32k\"]")).Platform.OsFeatures);

    [Theory] // RFC 3339, section 5.6; a time without a date would be taken for one of today, which another day reads otherwise
    [InlineData("12:30")]
    [InlineData("10/31/2015")]
    [InlineData("Sat, 31 Oct 2015 22:22:56 GMT")]
    public void Parse_TimeThatIsNotRfc3339_ThrowsInvalidContent(string created) =>
        Assert.Throws<InvalidContentException>(() => Parse(With("created", $"\"{created}\"")));

    private static ImageConfig Parse(string json) => ImageConfig.Parse(Encoding.UTF8.GetBytes(json));

    private static string With(string member, string? value)
    {
        JsonObject json = (JsonObject)JsonNode.Parse(ImageConfigExamples.Specification)!;
        json.Remove(member);
        if (value is not null)
        {
            json[member] = JsonNode.Parse(value);
        }

        return json.ToJsonString();
    }
}

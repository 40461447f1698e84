using System.Text;
using System.Text.Json.Nodes;

namespace DevOps.Oci.Tests;

public sealed class ImageConfigExtensionsTests
{
    private static readonly Digest One = Digest.Compute("1"u8);
    private static readonly Digest Two = Digest.Compute("2"u8);

    private static readonly ImageConfig Example = ImageConfig.Parse(Encoding.UTF8.GetBytes(ImageConfigExamples.Specification));

    [Fact]
    public void WithEntrypoint_InheritedCmd_IsDropped()
    {
        ImageConfig config = Example.WithEntrypoint("/app", "--x");

        Assert.Equal(["/app", "--x"], config.Entrypoint);
        Assert.Empty(config.Cmd);
        Assert.False(config.ToJson()["config"]!.AsObject().ContainsKey("Cmd"));
        Assert.Equal(["-v"], config.WithCmd("-v").Cmd);
        Assert.Equal(["/app", "--x"], config.WithCmd("-v").Entrypoint);
    }

    [Fact]
    public void WithCmd_Arguments_KeepsTheEntrypoint()
    {
        ImageConfig config = Example.WithCmd("a b", "");
        Assert.Equal(["a b", ""], config.Cmd);
        Assert.Equal(Example.Entrypoint, config.Entrypoint);
    }

    [Fact]
    public void WithEnv_NameThatIsThere_IsReplacedInPlace()
    {
        ImageConfig config = Example.WithEnv("FOO", "a=b").WithEnv("NEW", "").WithEnv("foo", "lower");

        Assert.Equal([Example.Env[0], "FOO=a=b", "BAR=well_written_spec", "NEW=", "foo=lower"], config.Env);
        Assert.Equal("FOO=oci_is_a", Example.Env[1]);
    }

    [Fact]
    public void WithEnv_NameThatOnlyBeginsAlike_IsAdded() => Assert.Equal(4, Example.WithEnv("FO", "x").Env.Length);

    [Fact]
    public void WithEnv_MalformedName_Throws()
    {
        Assert.Throws<ArgumentException>(() => Example.WithEnv("A=B", "x"));
        Assert.Throws<ArgumentException>(() => Example.WithEnv("", "x"));
        Assert.Throws<ArgumentNullException>(() => Example.WithEnv("A", null!));
    }

    [Fact]
    public void WithLabel_Labels_AreSorted()
    {
        ImageConfig config = ImageConfig.Empty.WithLabel("b", "1").WithLabel("a", "2").WithLabel("B", "3").WithLabel("b", "4");
        Assert.Equal("""{"B":"3","a":"2","b":"4"}""", config.ToJson()["config"]!["Labels"]!.ToJsonString());
    }

    [Fact]
    public void WithExposedPort_Ports_AreAnObjectOfEmptyObjects()
    {
        ImageConfig config = Example.WithExposedPort(53, "udp").WithExposedPort(53, "udp").WithExposedPort(9000);
        Assert.Equal("""{"8080/tcp":{},"53/udp":{},"9000/tcp":{}}""", config.ToJson()["config"]!["ExposedPorts"]!.ToJsonString());
        Assert.Equal(["8080/tcp", "53/udp", "9000/tcp"], config.ExposedPorts);
    }

    [Fact]
    public void WithExposedPort_WrongArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Example.WithExposedPort(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Example.WithExposedPort(65536));
        Assert.Throws<ArgumentException>(() => Example.WithExposedPort(80, "http"));
    }

    [Fact]
    public void With_UserAndDirectory_AreSet()
    {
        ImageConfig config = ImageConfig.Empty.WithUser("1654:1654").WithWorkingDirectory("/app");
        Assert.Equal(("1654:1654", "/app"), (config.User, config.WorkingDirectory));
        Assert.Throws<ArgumentException>(() => Example.WithUser(""));
        Assert.Throws<ArgumentException>(() => Example.WithWorkingDirectory(""));
    }

    [Fact]
    public void With_ConfigWithoutRunSection_MakesOne()
    {
        ImageConfig config = Example.Edit(tree => tree["config"] = null).WithUser("1");
        Assert.Equal("1", config.User);
        Assert.Equal("1", Example.Edit(tree => tree.Remove("config")).WithUser("1").User);
    }

    [Fact]
    public void WithLayer_Scratch_AddsOneOfEach()
    {
        DateTimeOffset created = DateTimeOffset.UnixEpoch.AddSeconds(5);
        ImageConfig config = ImageConfig.Empty
            .WithLayer(One, new() { Created = created, CreatedBy = "one", IsEmptyLayer = true })
            .WithLayer(Two, new() { CreatedBy = "two", Comment = "c" });

        Assert.Equal([One, Two], config.DiffIds);
        Assert.Equal(["one", "two"], config.History.Select(line => line.CreatedBy));
        Assert.All(config.History, line => Assert.False(line.IsEmptyLayer));
        Assert.Equal("""[{"created":"1970-01-01T00:00:05Z","created_by":"one"},{"created_by":"two","comment":"c"}]""", config.ToJson()["history"]!.ToJsonString());
    }

    [Fact]
    public void WithLayer_CompleteHistory_KeepsEmptyLines()
    {
        ImageConfig config = Example.WithLayer(One, new() { CreatedBy = "mine" });

        Assert.Equal([false, true, false, false], config.History.Select(line => line.IsEmptyLayer));
        Assert.Equal("mine", config.History[^1].CreatedBy);
        Assert.Equal([.. Example.DiffIds, One], config.DiffIds);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData("null", 3)]
    [InlineData("[]", 3)]
    [InlineData("[{\"created_by\":\"x\"}]", 3)]
    [InlineData("[{\"created_by\":\"x\",\"empty_layer\":true}]", 4)]
    public void WithLayer_BaseWithTooLittleHistory_IsFilled(string? history, int lines)
    {
        ImageConfig config = Example.Edit(tree => tree["history"] = history is null ? null : JsonNode.Parse(history)).WithLayer(One, new() { CreatedBy = "mine" });

        Assert.Equal(lines, config.History.Length);
        Assert.Equal(config.DiffIds.Length, config.History.Count(line => !line.IsEmptyLayer));
        Assert.Equal("mine", config.History[^1].CreatedBy);
    }

    [Fact]
    public void WithLayer_NullDiffIds_IsTheFirstLayer()
    {
        ImageConfig config = ImageConfig.Parse(Encoding.UTF8.GetBytes(ImageConfigExamples.Docker)).WithLayer(One, new());
        Assert.Equal([One], config.DiffIds);
        Assert.Single(config.History);
    }

    [Fact] // in a process the last of two wins, so setting the first alone would change nothing
    public void WithEnv_NameThatIsThereTwice_IsThereOnceAfterwards()
    {
        ImageConfig config = ImageConfig.Empty.Edit(tree => tree["config"]!["Env"] = new JsonArray("A=1", "B=2", "A=3")).WithEnv("A", "9");
        Assert.Equal(["A=9", "B=2"], config.Env);
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed partial class ArtifactJsonTests
{
    private static readonly Artifact Full = new("web \u00E9 \"x\"", Digest.Compute("x"u8), 12, 3)
    {
        MediaType = MediaTypes.Layer,
        CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)),
        ExpiresAt = new(2027, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    [Fact]
    public void Json_ThereAndBack_IsEqual()
    {
        Assert.Equal(Full, Artifact.FromJson(JsonDocument.Parse(Write(Full)).RootElement));
        Artifact small = new("a", Digest.Compute("y"u8), 0, 0);
        Assert.Equal(small, Artifact.FromJson(JsonDocument.Parse(Write(small)).RootElement));
    }

    [Fact] // What was written yesterday is read tomorrow.
    public void FromJson_GoldenText_IsRead()
    {
        const string golden = """{"name":"web","digest":"sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","sizeBytes":12,"fileCount":3,"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip"}""";
        Artifact artifact = new("web", Digest.Compute("x"u8), 12, 3);

        Assert.Equal(artifact, Artifact.FromJson(JsonDocument.Parse(golden[..^1] + ",\"later\":{}}").RootElement));
        Assert.Equal(golden, Encoding.UTF8.GetString(Write(artifact)));
    }

    [Fact]
    public void Json_InsideOfAnotherValueBySourceGeneration_IsEqual()
    {
        string json = JsonSerializer.Serialize(new Build("1.0", Full), BuildContext.Default.Build);

        Assert.Equal(new Build("1.0", Full), JsonSerializer.Deserialize(json, BuildContext.Default.Build));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"Version":"1","Files":{"name":1}}""", BuildContext.Default.Build));
    }

    [Fact]
    public void FromJson_DamagedText_IsRefusedInOneWay()
    {
        foreach (byte[] bytes in Damage.Of(Write(Full), 11, 2000))
        {
            try
            {
                Artifact.FromJson(JsonDocument.Parse(bytes).RootElement);
            }
            catch (Exception e) when (e is JsonException or InvalidContentException)
            {
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public void Constructor_NameThatIsNone_IsRefused(string name) => Assert.Throws<ArgumentException>(() => new Artifact(name, Digest.Compute("x"u8), 1, 1));

    private static byte[] Write(Artifact artifact)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            artifact.WriteTo(writer);
        }

        return stream.ToArray();
    }

    internal sealed record Build(string Version, Artifact Files);

    [JsonSerializable(typeof(Build))]
    private sealed partial class BuildContext : JsonSerializerContext;
}

using System.Text.Json.Nodes;

namespace DevOps.Kubernetes.Objects.Tests;

public sealed class KubernetesObjectTests
{
    private const string Json =
        """{"apiVersion":"example.org/v1alpha1","kind":"Widget","metadata":{"name":"w","namespace":"prod","finalizers":["x"],"unknown":{"deep":[1,null,{"a":"b"}]}},"spec":{"n":1.0,"big":12345678901234567890},"status":null,"zzz":[]}""";

    [Fact]
    public void Create_Tree_KeepsUnknownMembersInOrder()
    {
        KubernetesObject item = new(Parse(Json));
        Assert.Equal(Json, item.ToJson().ToJsonString());
        Assert.Equal(("example.org/v1alpha1", "Widget", "w", "prod", "Widget/w"), (item.ApiVersion, item.Kind, item.Name, item.Namespace, item.ToString()));
        Assert.Equal(Parse(Json), YamlDocument(item), JsonNode.DeepEquals!);
    }

    [Fact]
    public void ToJson_Changed_LeavesTheObject()
    {
        JsonObject source = Parse(Json);
        KubernetesObject item = new(source);
        source["kind"] = "Other";
        item.ToJson()["metadata"]!["name"] = "other";
        Assert.Equal(Json, item.ToJson().ToJsonString());
    }

    [Fact]
    public void Edit_Change_MakesANewObjectAndKeepsTheRest()
    {
        KubernetesObject item = new(Parse(Json));
        KubernetesObject edited = item.Edit(tree => tree["metadata"]!["name"] = "other");

        Assert.Equal("other", edited.Name);
        Assert.Equal(Json.Replace("\"w\"", "\"other\"", StringComparison.Ordinal), edited.ToJson().ToJsonString());
        Assert.Equal(Json, item.ToJson().ToJsonString());
    }

    [Fact]
    public void Edit_RemovesWhatIsRequired_IsRefused()
    {
        KubernetesObject item = new(Parse(Json));
        Assert.Throws<InvalidContentException>(() => item.Edit(tree => tree.Remove("kind")));
        Assert.Throws<ArgumentNullException>(() => item.Edit(null!));
        Assert.Equal("Widget", item.Kind);
    }

    [Theory]
    [InlineData("""{"kind":"A","metadata":{"name":"a"}}""", "it has no apiVersion")]
    [InlineData("""{"apiVersion":"","kind":"A","metadata":{"name":"a"}}""", "it has no apiVersion")]
    [InlineData("""{"apiVersion":1,"kind":"A","metadata":{"name":"a"}}""", "it has no apiVersion")]
    [InlineData("""{"apiVersion":"v1","metadata":{"name":"a"}}""", "it has no kind")]
    [InlineData("""{"apiVersion":"v1","kind":null,"metadata":{"name":"a"}}""", "it has no kind")]
    [InlineData("""{"apiVersion":"v1","kind":["A"],"metadata":{"name":"a"}}""", "it has no kind")]
    [InlineData("""{"apiVersion":"v1","kind":"A"}""", "it has no metadata")]
    [InlineData("""{"apiVersion":"v1","kind":"A","metadata":null}""", "it has no metadata")]
    [InlineData("""{"apiVersion":"v1","kind":"A","metadata":[]}""", "it has no metadata")]
    [InlineData("""{"apiVersion":"v1","kind":"A","metadata":{}}""", "it has no name")]
    [InlineData("""{"apiVersion":"v1","kind":"A","metadata":{"name":7}}""", "it has no name")]
    [InlineData("{}", "it has no apiVersion")]
    public void Create_Incomplete_IsRefused(string json, string reason) =>
        Assert.Equal(reason, Assert.Throws<InvalidContentException>(() => new KubernetesObject(Parse(json))).Reason);

    [Fact]
    public void Create_NoNamespace_HasNone()
    {
        Assert.Null(new KubernetesObject(Parse("""{"apiVersion":"v1","kind":"A","metadata":{"name":"a"}}""")).Namespace);
        Assert.Throws<ArgumentNullException>(() => new KubernetesObject(null!));
    }

    private static JsonNode? YamlDocument(KubernetesObject item) => Assert.Single(Kubernetes.Tests.YamlReading.Documents(ManifestYaml.Write(item)));

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json.Trim())!;
}

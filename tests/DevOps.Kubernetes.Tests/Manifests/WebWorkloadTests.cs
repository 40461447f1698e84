using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevOps.Kubernetes.Objects;
using DevOps.Oci;

namespace DevOps.Kubernetes.Tests;

public sealed class WebWorkloadTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static readonly ImageReference Image = ImageReference.Parse($"registry.example.org/team/shop@{Digest}");

    [Fact] // The members are those of Kubernetes' API reference: Deployment apps/v1, Service v1.
    public void ToObjects_Defaults_AreADeploymentAndAService() => Assert.Equal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
          labels:
            app.kubernetes.io/name: shop
        spec:
          replicas: 1
          selector:
            matchLabels:
              app.kubernetes.io/name: shop
          template:
            metadata:
              labels:
                app.kubernetes.io/name: shop
            spec:
              securityContext:
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: shop
                  image: "registry.example.org/team/shop@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    tcpSocket:
                      port: http
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop:
                        - ALL
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: shop
          labels:
            app.kubernetes.io/name: shop
        spec:
          selector:
            app.kubernetes.io/name: shop
          ports:
            - name: http
              port: 80
              targetPort: http

        """,
        ManifestYaml.Write(new WebWorkload("shop", Image).ToObjects()));

    [Fact]
    public void ToObjects_AllSet_AppearInTheirPlaces()
    {
        WebWorkload workload = new("shop", Image)
        {
            Namespace = "prod",
            Port = 65535,
            ServicePort = 1,
            Replicas = 0,
            ReadinessPath = "/ready?deep=1",
            PodAnnotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("example.org/commit", "1234567890").Add("a", "yes"),
        };
        ImmutableArray<KubernetesObject> objects = workload.ToObjects();
        JsonNode deployment = objects[0].ToJson();
        JsonNode service = objects[1].ToJson();
        JsonNode pod = deployment["spec"]!["template"]!;
        JsonNode container = pod["spec"]!["containers"]![0]!;

        Assert.Equal(["prod", "prod"], objects.Select(item => item.Namespace));
        Assert.Equal(0, (int)deployment["spec"]!["replicas"]!);
        Assert.Equal(65535, (int)container["ports"]![0]!["containerPort"]!);
        Assert.Equal("""{"httpGet":{"path":"/ready?deep=1","port":"http"}}""", container["readinessProbe"]!.ToJsonString());
        Assert.Equal("""{"a":"yes","example.org/commit":"1234567890"}""", pod["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal("""[{"name":"http","port":1,"targetPort":"http"}]""", service["spec"]!["ports"]!.ToJsonString());
        Assert.Equal([deployment, service], YamlReading.Documents(ManifestYaml.Write(objects)), JsonNode.DeepEquals!);
    }

    [Fact]
    public void ToObjects_Selectors_MatchThePods()
    {
        ImmutableArray<KubernetesObject> objects = new WebWorkload("shop", Image).ToObjects();
        JsonNode spec = objects[0].ToJson()["spec"]!;
        string labels = spec["template"]!["metadata"]!["labels"]!.ToJsonString();
        Assert.Equal(labels, spec["selector"]!["matchLabels"]!.ToJsonString());
        Assert.Equal(labels, objects[1].ToJson()["spec"]!["selector"]!.ToJsonString());
    }

    [Fact]
    public void ToObjects_ImageWithTagAndDigest_KeepsTheDigestAlone()
    {
        WebWorkload workload = new("shop", ImageReference.Parse($"registry.example.org:5000/shop:1.4@{Digest}"));
        Assert.Equal($"registry.example.org:5000/shop@{Digest}", (string)workload.ToObjects()[0].ToJson()["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!);
    }

    [Fact]
    public void ToObjects_SameDescription_GivesTheSameText()
    {
        ImmutableSortedDictionary<string, string> none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        WebWorkload one = new("shop", Image) { PodAnnotations = none.Add("b", "1").Add("a", "2").Add("B", "3") };
        WebWorkload other = new("shop", Image) { PodAnnotations = none.Add("B", "3").Add("a", "2").Add("b", "1") };
        Assert.Equal(ManifestYaml.Write(one.ToObjects()), ManifestYaml.Write(other.ToObjects()));
        Assert.Equal(ManifestYaml.Write(one.ToObjects()), ManifestYaml.Write(one.ToObjects()));
    }

    [Theory] // Source: RFC 1035, section 2.3.1, as Kubernetes applies it to the names of Services.
    [InlineData("a")]
    [InlineData("a1")]
    [InlineData("a-b")]
    [InlineData("a--b")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk")]
    public void Create_ValidName_IsKept(string name) => Assert.Equal(name, new WebWorkload(name, Image).Name);

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("A")]
    [InlineData("aB")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a/b")]
    [InlineData("\u00e9")]
    [InlineData("a\u0660")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl")]
    public void Create_InvalidName_TellsTheRule(string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new WebWorkload(name, Image));
        Assert.Contains("63 characters at most", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.example.org/shop")]
    [InlineData("registry.example.org/shop:1.4")]
    public void Create_ImageWithoutDigest_TellsTheRemedy(string image)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new WebWorkload("shop", ImageReference.Parse(image)));
        Assert.Contains("not pinned by a digest. Push the image first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new WebWorkload(null!, Image));
        Assert.Throws<ArgumentNullException>(() => new WebWorkload("shop", null!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Ports_OutOfRange_AreRefused(int port)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebWorkload("shop", Image) { Port = port });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebWorkload("shop", Image) { ServicePort = port });
    }

    [Fact]
    public void Replicas_Negative_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new WebWorkload("shop", Image) { Replicas = -1 });
}

using System.Text;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Conformance;

/// <summary>Content as the distribution-spec's conformance suite pushes it: blobs, then manifests, each before those that name it; the last is the root.</summary>
internal sealed class DataSet(DigestAlgorithm algorithm)
{
    private readonly List<(Digest Digest, byte[] Bytes)> _blobs = [];
    private readonly List<Document> _manifests = [];

    internal IReadOnlyList<(Digest Digest, byte[] Bytes)> Blobs => _blobs;

    internal IReadOnlyList<Document> Manifests => _manifests;

    internal Document Root => _manifests[^1];

    internal static DataSet Create(string name, DigestAlgorithm algorithm)
    {
        DataSet set = new(algorithm);
        set.Fill(name);
        return set;
    }

    private void Fill(string name)
    {
        switch (name)
        {
            case "image":
                AddImage("one", MediaTypes.LayerGzip);
                break;
            case "uncompressed":
                AddImage("one", MediaTypes.Layer);
                break;
            case "large manifest":
                AddImage("one", MediaTypes.LayerGzip, more: new() { ["annotations"] = new JsonObject(Enumerable.Range(0, 390).Select(i => KeyValuePair.Create<string, JsonNode?>($"large-annotation-{i}", new string('A', 10_000)))) });
                break;
            case "docker image":
                AddManifest(MediaTypes.DockerManifest, new()
                {
                    ["config"] = AddBlob(MediaTypes.DockerConfig, """{"architecture":"amd64","os":"linux"}"""),
                    ["layers"] = new JsonArray(AddBlob(MediaTypes.DockerLayerGzip, "layer")),
                });
                break;
            case "index":
                AddIndex(AddImage("one", MediaTypes.LayerGzip), AddImage("two", MediaTypes.LayerGzip));
                break;
            case "nested index":
                AddIndex(AddIndex(AddImage("one", MediaTypes.LayerGzip)), AddIndex(AddImage("two", MediaTypes.LayerGzip)));
                break;
            case "empty index":
                AddIndex();
                break;
            case "artifact":
                AddArtifact();
                break;
            case "artifact without artifactType":
                AddManifest(MediaTypes.ImageManifest, new()
                {
                    ["config"] = AddBlob("application/vnd.example.config.v1+json", "{}"),
                    ["layers"] = new JsonArray(AddBlob("text/plain", "text")),
                });
                break;
            case "artifact index":
                AddIndex(new() { ["artifactType"] = "application/vnd.example.set" }, AddArtifact());
                break;
            case "no layers":
                AddManifest(MediaTypes.ImageManifest, new() { ["config"] = AddBlob(MediaTypes.EmptyJson, "{}"), ["layers"] = new JsonArray(), ["artifactType"] = "application/vnd.example.none" });
                break;
            case "artifacts with subject":
                JsonObject image = AddImage("one", MediaTypes.LayerGzip);
                AddArtifact(image, "application/vnd.example.signature");
                AddArtifact(image, "application/vnd.example.sbom");
                break;
            case "index with subject":
                JsonObject subject = AddImage("one", MediaTypes.LayerGzip);
                AddIndex(new() { ["subject"] = subject.DeepClone(), ["artifactType"] = "application/vnd.example.set", ["annotations"] = new JsonObject { ["of"] = "the index" } }, AddArtifact());
                break;
            case "missing subject":
                AddArtifact(Describe(MediaTypes.ImageManifest, "never pushed"u8.ToArray()), "application/vnd.example.signature");
                break;
            case "data field":
                JsonObject config = AddBlob(MediaTypes.EmptyJson, "{}");
                config["data"] = Convert.ToBase64String("{}"u8);
                AddManifest(MediaTypes.ImageManifest, new() { ["config"] = config.DeepClone(), ["layers"] = new JsonArray(config), ["artifactType"] = "application/vnd.example.small" });
                break;
            case "non-distributable layers":
                AddManifest(MediaTypes.ImageManifest, new()
                {
                    ["config"] = AddBlob(MediaTypes.ImageConfig, """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"""),
                    ["layers"] = new JsonArray(
                        Describe("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "elsewhere"u8.ToArray()),
                        Describe(MediaTypes.DockerForeignLayerGzip, "elsewhere too"u8.ToArray())),
                });
                break;
            case "custom fields":
                AddImage("one", MediaTypes.LayerGzip, more: new() { ["com.example.custom"] = new JsonObject { ["+<>&\u00e9"] = new JsonArray(1.50m, null, true) } });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such data set.");
        }
    }

    private JsonObject AddImage(string name, string layerType, JsonObject? more = null)
    {
        JsonObject config = new() { ["architecture"] = "amd64", ["os"] = "linux", ["comment"] = name, ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() } };
        JsonObject body = more ?? [];
        body["config"] = AddBlob(MediaTypes.ImageConfig, config.ToJsonString());
        body["layers"] = new JsonArray(AddBlob(layerType, "shared layer"), AddBlob(layerType, "layer of " + name));
        return AddManifest(MediaTypes.ImageManifest, body);
    }

    private JsonObject AddArtifact(JsonObject? subject = null, string artifactType = "application/vnd.example.artifact")
    {
        JsonObject body = new()
        {
            ["artifactType"] = artifactType,
            ["config"] = AddBlob(MediaTypes.EmptyJson, "{}"),
            ["layers"] = new JsonArray(AddBlob("text/plain", artifactType)),
            ["annotations"] = new JsonObject { ["org.example.first"] = "1", ["org.example.second"] = "\u00e9 +" },
        };
        if (subject is not null)
        {
            body["subject"] = subject.DeepClone();
        }

        return AddManifest(MediaTypes.ImageManifest, body);
    }

    private JsonObject AddIndex(params JsonObject[] manifests) => AddIndex([], manifests);

    private JsonObject AddIndex(JsonObject body, params JsonObject[] manifests)
    {
        body["manifests"] = new JsonArray([.. manifests.Select(manifest => manifest.DeepClone())]);
        return AddManifest(MediaTypes.ImageIndex, body);
    }

    private JsonObject AddManifest(string mediaType, JsonObject body)
    {
        body["schemaVersion"] = 2;
        body["mediaType"] = mediaType;
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        JsonObject descriptor = Describe(mediaType, bytes);
        _manifests.Add(new(Digest.Parse((string)descriptor["digest"]!), mediaType, bytes, body));
        return descriptor;
    }

    private JsonObject AddBlob(string mediaType, string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        Digest digest = Digest.Compute(bytes, algorithm);
        if (!_blobs.Exists(blob => blob.Digest == digest))
        {
            _blobs.Add((digest, bytes));
        }

        return Describe(mediaType, bytes);
    }

    private JsonObject Describe(string mediaType, byte[] bytes) =>
        new() { ["mediaType"] = mediaType, ["digest"] = Digest.Compute(bytes, algorithm).ToString(), ["size"] = bytes.Length };

    internal sealed record Document(Digest Digest, string MediaType, byte[] Bytes, JsonObject Body)
    {
        internal string? Subject => (string?)Body["subject"]?["digest"];

        internal string? ReferrerType => (string?)Body["artifactType"] ?? (string?)Body["config"]?["mediaType"];
    }
}

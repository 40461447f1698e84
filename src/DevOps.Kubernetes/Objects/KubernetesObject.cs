using System.Text.Json.Nodes;

namespace DevOps.Kubernetes.Objects;

/// <summary>Any Kubernetes object, kept as a tree: members that are not known here stay as they are. Immutable.</summary>
/// <remarks>Source: Kubernetes API conventions, "Objects".</remarks>
public sealed class KubernetesObject
{
    private readonly JsonObject _tree;

    /// <summary>Creates an object from its tree.</summary>
    /// <param name="tree">The tree; it is copied.</param>
    /// <exception cref="InvalidContentException">The tree has no apiVersion, kind or metadata.name.</exception>
    public KubernetesObject(JsonObject tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        _tree = (JsonObject)tree.DeepClone();
        ApiVersion = Required(_tree, "apiVersion");
        Kind = Required(_tree, "kind");
        JsonObject metadata = _tree["metadata"] as JsonObject ?? throw new InvalidContentException($"Kubernetes object of kind {Kind}", "it has no metadata");
        Name = Required(metadata, "name");
        Namespace = Text(metadata, "namespace");
    }

    /// <summary>Gets the group and version, as <c>apps/v1</c>.</summary>
    public string ApiVersion { get; }

    /// <summary>Gets the kind, as <c>Deployment</c>.</summary>
    public string Kind { get; }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the namespace, or <see langword="null"/> to leave it to whoever applies the object.</summary>
    public string? Namespace { get; }

    /// <summary>Returns a copy of the tree, which the caller may change.</summary>
    public JsonObject ToJson() => (JsonObject)_tree.DeepClone();

    /// <summary>Returns an object with some of the tree changed and every other member kept.</summary>
    /// <param name="edit">Changes a copy of the tree.</param>
    /// <exception cref="InvalidContentException">The result is no Kubernetes object.</exception>
    public KubernetesObject Edit(Action<JsonObject> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        JsonObject tree = ToJson();
        edit(tree);
        return new(tree);
    }

    /// <summary>Returns kind and name, as <c>Deployment/shop</c>.</summary>
    public override string ToString() => $"{Kind}/{Name}";

    private static string Required(JsonObject json, string name) =>
        Text(json, name) is { Length: > 0 } text ? text : throw new InvalidContentException("Kubernetes object", $"it has no {name}");

    private static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

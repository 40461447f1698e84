using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevOps.Kubernetes.Objects;
using DevOps.Oci;

namespace DevOps.Kubernetes;

/// <summary>Describes an application that answers HTTP, and writes the objects that run it: a Deployment and a Service.</summary>
public sealed record WebWorkload
{
    /// <summary>Creates a description.</summary>
    /// <param name="name">The name of the objects, by the rules of DNS-1035: lower-case letters, digits and dashes, a letter first, 63 characters at most.</param>
    /// <param name="image">The image, pinned by its digest: a tag can move between two pods of one rollout.</param>
    /// <exception cref="ArgumentException">The name is malformed, or the image has no digest.</exception>
    public WebWorkload(string name, ImageReference image)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(image);
        if (name.Length is 0 or > 63 || !char.IsAsciiLetterLower(name[0]) || name[^1] == '-' || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new ArgumentException($"'{name}' cannot name a Service: use lower-case letters, digits and dashes, a letter first, 63 characters at most.", nameof(name));
        }

        if (image.Digest is null)
        {
            throw new ArgumentException($"'{image}' is not pinned by a digest. Push the image first and use the reference that the push returned.", nameof(image));
        }

        (Name, Image) = (name, image);
    }

    /// <summary>Gets the name of the objects.</summary>
    public string Name { get; }

    /// <summary>Gets the image, pinned by its digest.</summary>
    public ImageReference Image { get; }

    /// <summary>Gets the namespace, or <see langword="null"/> to leave it to whoever applies the objects.</summary>
    public string? Namespace { get; init; }

    /// <summary>Gets the port that the application listens on.</summary>
    /// <value>8080 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 65535.</exception>
    public int Port { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65535); field = value; } } = 8080;

    /// <summary>Gets the port of the Service.</summary>
    /// <value>80 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 65535.</exception>
    public int ServicePort { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65535); field = value; } } = 80;

    /// <summary>Gets how many pods run.</summary>
    /// <value>1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Replicas { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1;

    /// <summary>Gets the path that answers when the application is ready, or <see langword="null"/> for a probe of the port alone.</summary>
    public string? ReadinessPath { get; init; }

    /// <summary>Gets further annotations on the Deployment's pods, as the commit.</summary>
    public ImmutableSortedDictionary<string, string> PodAnnotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Writes the objects.</summary>
    /// <returns>The Deployment, then the Service.</returns>
    /// <remarks>The container runs without root, without new privileges and without capabilities. Source: Kubernetes, "Pod Security Standards", profile Restricted.</remarks>
    public ImmutableArray<KubernetesObject> ToObjects() => [Deployment(), Service()];

    private KubernetesObject Deployment()
    {
        JsonObject podMetadata = new() { ["labels"] = Labels() };
        if (!PodAnnotations.IsEmpty)
        {
            JsonObject annotations = [];
            foreach ((string key, string value) in PodAnnotations)
            {
                annotations[key] = value;
            }

            podMetadata["annotations"] = annotations;
        }

        return new(new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = Metadata(),
            ["spec"] = new JsonObject
            {
                ["replicas"] = Replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = podMetadata,
                    ["spec"] = new JsonObject
                    {
                        ["securityContext"] = new JsonObject { ["runAsNonRoot"] = true, ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } },
                        ["containers"] = new JsonArray(Container()),
                    },
                },
            },
        });
    }

    private JsonObject Container() => new()
    {
        ["name"] = Name,

        // The digest alone decides; a tag beside it would be read by people and ignored by the kubelet.
        ["image"] = new ImageReference(Image.Registry, Image.Repository, null, Image.Digest).ToString(),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = Port }),
        ["readinessProbe"] = ReadinessPath is null
            ? new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = "http" } }
            : new JsonObject { ["httpGet"] = new JsonObject { ["path"] = ReadinessPath, ["port"] = "http" } },
        ["securityContext"] = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        },
    };

    private KubernetesObject Service() => new(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = Metadata(),
        ["spec"] = new JsonObject
        {
            ["selector"] = Labels(),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = ServicePort, ["targetPort"] = "http" }),
        },
    });

    private JsonObject Metadata()
    {
        JsonObject metadata = new() { ["name"] = Name };
        if (Namespace is not null)
        {
            metadata["namespace"] = Namespace;
        }

        metadata["labels"] = Labels();
        return metadata;
    }

    private JsonObject Labels() => new() { ["app.kubernetes.io/name"] = Name };
}

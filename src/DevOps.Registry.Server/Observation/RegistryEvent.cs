using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Something that happened in a registry.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Repository">Where.</param>
public sealed record RegistryEvent(RegistryEventKind Kind, RepositoryName Repository)
{
    /// <summary>Gets the digest of the content; <see langword="null"/> when a tag was deleted.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Gets who did it: the user that the authorizer knows, or else the application's; <see langword="null"/> if neither knows one.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the tags that the request named, or that went with a deleted manifest. Empty if there are none.</summary>
    public ImmutableArray<string> Tags { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets the number of bytes of the content that came or were sent; zero for a deletion.</summary>
    public long LengthBytes { get; init; }
}

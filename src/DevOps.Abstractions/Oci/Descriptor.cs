using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>Names some content: its media type, digest and size, and optional facts about it.</summary>
/// <remarks>
/// Two descriptors are equal when media type, digest and size are: the other members describe, they do not identify.
/// Source: OCI image-spec 1.1, descriptor.md.
/// </remarks>
public sealed record Descriptor
{
    /// <summary>Creates a descriptor.</summary>
    /// <param name="mediaType">The media type, without parameters.</param>
    /// <param name="digest">The digest of the content's bytes.</param>
    /// <param name="sizeBytes">The number of the content's bytes.</param>
    /// <exception cref="ArgumentException">The media type is malformed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public Descriptor(string mediaType, Digest digest, long sizeBytes)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        ArgumentNullException.ThrowIfNull(digest);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        if (!MediaTypes.IsWellFormed(mediaType))
        {
            throw new ArgumentException($"'{mediaType}' is not a media type: expected 'type/subtype' without parameters.", nameof(mediaType));
        }

        (MediaType, Digest, SizeBytes) = (mediaType, digest, sizeBytes);
    }

    /// <summary>Gets the descriptor of the empty JSON object <c>{}</c>, its two bytes embedded.</summary>
    /// <remarks>Source: OCI image-spec 1.1, manifest.md, "Guidance for an Empty Descriptor".</remarks>
    public static Descriptor EmptyJson { get; } = ForContent(MediaTypes.EmptyJson, "{}"u8) with { Data = "{}"u8.ToArray() };

    /// <summary>Gets the media type, without parameters.</summary>
    public string MediaType { get; }

    /// <summary>Gets the digest of the content's bytes.</summary>
    public Digest Digest { get; }

    /// <summary>Gets the number of the content's bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Gets further addresses of the content. Empty by default.</summary>
    public ImmutableArray<string> Urls { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets annotations. Empty by default.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the content itself, embedded. Verify it before use: <see cref="TryGetData"/> does.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>Gets the platform that the content is for, in an index.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Gets the type of the artifact that the content is, if it is one.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Describes bytes in memory.</summary>
    /// <param name="mediaType">The media type, without parameters.</param>
    /// <param name="content">The content.</param>
    public static Descriptor ForContent(string mediaType, ReadOnlySpan<byte> content) => new(mediaType, Digest.Compute(content), content.Length);

    /// <summary>Reads a descriptor from JSON.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="InvalidContentException">A member is missing or malformed.</exception>
    public static Descriptor FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return DescriptorJson.Read(json, "descriptor");
    }

    /// <summary>Returns the embedded content if there is any and it is what the descriptor names.</summary>
    /// <param name="data">The embedded bytes, their size and digest checked.</param>
    public bool TryGetData(out ReadOnlyMemory<byte> data)
    {
        data = Data ?? ReadOnlyMemory<byte>.Empty;
        return Data is not null && data.Length == SizeBytes && Digest.Compute(data.Span, Digest.Algorithm) == Digest;
    }

    /// <summary>Returns media type, digest and size alone: what is kept of many descriptors must not have what others wrote into each.</summary>
    internal Descriptor ToIdentity() =>
        Data is null && Platform is null && ArtifactType is null && Annotations.IsEmpty && Urls.IsEmpty ? this : new(MediaType, Digest, SizeBytes);

    /// <summary>Returns a new JSON object of the descriptor, absent members left out.</summary>
    public JsonObject ToJson() => DescriptorJson.Write(this);

    /// <summary>Compares media type, digest and size.</summary>
    /// <param name="other">The other descriptor.</param>
    public bool Equals(Descriptor? other) => other is not null && other.Digest == Digest && other.SizeBytes == SizeBytes && other.MediaType == MediaType;

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode();

    /// <summary>Returns the media type, digest and size.</summary>
    public override string ToString() => $"{MediaType} {Digest} ({SizeBytes} bytes)";
}

using System.Text.Json;
using System.Text.Json.Serialization;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>Files that a job saved: a small value that names them. The files themselves are in a store, as a compressed tar.</summary>
/// <remarks>It is a job's durable result: JSON of it is read back equal, in a later version too.</remarks>
[JsonConverter(typeof(ArtifactJsonConverter))]
public sealed record Artifact
{
    /// <summary>The media type of artifacts that are saved now: a tar compressed by gzip, as layers of images are.</summary>
    public const string TarGzip = MediaTypes.LayerGzip;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Describes files in a store.</summary>
    /// <param name="name">What people call the files.</param>
    /// <param name="digest">The digest of the bytes as they are stored.</param>
    /// <param name="sizeBytes">The number of those bytes.</param>
    /// <param name="fileCount">The number of files and symbolic links in it; directories do not count.</param>
    /// <exception cref="ArgumentException">The name is empty, longer than <see cref="MaxNameLength"/>, or has a control character in it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public Artifact(string name, Digest digest, long sizeBytes, int fileCount)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(digest);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(fileCount);
        (Name, Digest, SizeBytes, FileCount) = (name, digest, sizeBytes, fileCount);
    }

    /// <summary>Gets what people call the files.</summary>
    public string Name { get; }

    /// <summary>Gets the digest of the bytes as they are stored. The same files, with the same modes, have the same one on every machine.</summary>
    public Digest Digest { get; }

    /// <summary>Gets how many bytes are stored.</summary>
    public long SizeBytes { get; }

    /// <summary>Gets how many files and symbolic links there are.</summary>
    public int FileCount { get; }

    /// <summary>Gets how the bytes are to be read.</summary>
    /// <value><see cref="TarGzip"/> by default.</value>
    /// <exception cref="ArgumentException">The value is no media type.</exception>
    public string MediaType
    {
        get;
        init => field = value is not null && MediaTypes.IsWellFormed(value) ? value : throw new ArgumentException($"'{value}' is not a media type: expected 'type/subtype'.", nameof(value));
    } = TarGzip;

    /// <summary>Gets when it was saved, if that is known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets from when on it is not restored any more.</summary>
    /// <value><see langword="null"/> by default: it does not expire.</value>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Writes the artifact as a JSON object.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArtifactJson.Write(writer, this);
    }

    /// <summary>Reads an artifact from a JSON object; members that it does not know are passed over.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="InvalidContentException">It is no artifact.</exception>
    public static Artifact FromJson(JsonElement json) => ArtifactJson.Read(json);

    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > MaxNameLength || name.Any(char.IsControl))
        {
            throw new ArgumentException($"The name of an artifact has at most {MaxNameLength} characters, and no control characters.", nameof(name));
        }
    }
}

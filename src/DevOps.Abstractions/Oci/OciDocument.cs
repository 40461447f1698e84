using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>A JSON document of an image: exactly the bytes that were read or written, and the tree that they stand for.</summary>
/// <remarks>
/// Documents are immutable. An edit makes a new document and keeps every member that it does not touch, also those that are not known here;
/// a document that was read and not edited keeps its bytes, so its digest never changes.
/// </remarks>
public abstract class OciDocument
{
    /// <summary>The largest document that is read: 4 MiB, as registries accept.</summary>
    public const int MaxLengthBytes = 4 << 20;

    private protected OciDocument(ReadOnlyMemory<byte> rawBytes, JsonObject tree, string mediaType)
    {
        (RawBytes, Tree) = (rawBytes, tree);
        Descriptor = Descriptor.ForContent(mediaType, rawBytes.Span);
    }

    /// <summary>Gets the exact bytes.</summary>
    public ReadOnlyMemory<byte> RawBytes { get; }

    /// <summary>Gets the media type.</summary>
    public string MediaType => Descriptor.MediaType;

    /// <summary>Gets the SHA-256 digest of the exact bytes.</summary>
    public Digest Digest => Descriptor.Digest;

    /// <summary>Gets the descriptor of the exact bytes.</summary>
    public Descriptor Descriptor { get; }

    private protected JsonObject Tree { get; }

    /// <summary>Returns a copy of the tree, which the caller may change.</summary>
    public JsonObject ToJson() => (JsonObject)Tree.DeepClone();

    /// <summary>Returns the bytes as text.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(RawBytes.Span);

    private protected static (ReadOnlyMemory<byte> Bytes, JsonObject Tree) Read(ReadOnlyMemory<byte> bytes, string what)
    {
        if (bytes.Length > MaxLengthBytes)
        {
            throw new InvalidContentException(what, $"it has {bytes.Length} bytes and {MaxLengthBytes} are allowed");
        }

        // The caller may reuse its buffer; these bytes are the document's identity.
        byte[] copy = bytes.ToArray();
        return (copy, OciJson.ParseObject(copy, what));
    }

    private protected (ReadOnlyMemory<byte> Bytes, JsonObject Tree) Edited(Action<JsonObject> edit, string what)
    {
        ArgumentNullException.ThrowIfNull(edit);
        JsonObject tree = ToJson();
        edit(tree);
        return Read(OciJson.Write(tree), what);
    }
}

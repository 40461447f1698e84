using System.Text;
using System.Text.Json;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds everything in a layout that some content leads to.</summary>
internal sealed class LayoutReach(IContentSource layout, LayoutBlobs blobs)
{
    private const int MaxDigestBytes = 135;

    private readonly HashSet<Digest> _reached = [];
    private readonly HashSet<Digest> _read = [];
    private readonly HashSet<Digest> _searched = [];

    internal int ManifestCount { get; private set; }

    internal bool Contains(Digest digest) => _reached.Contains(digest);

    /// <summary>Follows what an index lists.</summary>
    /// <exception cref="ContentVerificationException">A manifest is damaged.</exception>
    /// <exception cref="InvalidContentException">A manifest breaks the specification.</exception>
    internal async Task AddListedAsync(IEnumerable<Descriptor> listed, CancellationToken cancellationToken)
    {
        Stack<Descriptor> open = new(listed);
        while (open.TryPop(out Descriptor? next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _reached.Add(next.Digest);
            if (!MediaTypes.IsManifest(next.MediaType))
            {
                // Of a kind that is not known here, or an older one: all that it names stays.
                await AddNamedAsync(next.Digest, cancellationToken).ConfigureAwait(false);
            }
            else if (_read.Add(next.Digest) && await ReadAsync(next, cancellationToken).ConfigureAwait(false) is { } manifest)
            {
                ManifestCount++;
                _reached.UnionWith(manifest.Children.Select(child => child.Digest));
                foreach (Descriptor child in manifest is ImageIndex ? manifest.Children : manifest.Children.Where(child => MediaTypes.IsManifest(child.MediaType)))
                {
                    open.Push(child);
                }

                if (manifest.Subject is { } subject)
                {
                    open.Push(subject);
                }
            }
        }
    }

    /// <summary>Follows every digest that a JSON document names, whatever it is. A document that is none, or is too large for a manifest, names nothing.</summary>
    internal async Task AddNamedAsync(Digest root, CancellationToken cancellationToken)
    {
        Stack<Digest> open = new([root]);
        while (open.TryPop(out Digest? next))
        {
            if (!_searched.Add(next) || blobs.Find(next) is not { Length: > 0 and <= OciDocument.MaxLengthBytes } file)
            {
                continue;
            }

            byte[] bytes = await LayoutPath.ReadAllBytesAsync(file, OciDocument.MaxLengthBytes, cancellationToken).ConfigureAwait(false);
            foreach (Digest named in DigestsIn(bytes))
            {
                _reached.Add(named);
                open.Push(named);
            }
        }
    }

    private async Task<ManifestDocument?> ReadAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        try
        {
            return await layout.ReadManifestAsync(descriptor with { Data = null }, cancellationToken).ConfigureAwait(false);
        }
        catch (ContentNotFoundException)
        {
            // An index may list what is not here.
            return null;
        }
    }

    private static List<Digest> DigestsIn(byte[] bytes)
    {
        List<Digest> digests = [];
        if (bytes.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..])
        {
            return digests;
        }

        // However deep it is: what is not found here is removed.
        Utf8JsonReader json = new(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (json.Read())
            {
                if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && json.ValueSpan.Length <= MaxDigestBytes && Digest.TryParse(Encoding.UTF8.GetString(json.ValueSpan), out Digest? digest))
                {
                    digests.Add(digest);
                }
            }
        }
        catch (JsonException)
        {
            // What was named before the text went wrong counts.
        }

        return digests;
    }
}

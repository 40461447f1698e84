using System.Text;
using System.Text.Json;
using DevOps.Archives;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The two files that make a directory a layout: the marker, and the index of what the layout lists.</summary>
/// <remarks>The marker is written first and the index last, each whole: who finds the index finds the marker too.</remarks>
internal sealed class LayoutIndexFile(string layout, LayoutGate gate)
{
    private const int MaxMarkerBytes = 64 << 10;

    private volatile bool _isVersionKnown;
    private volatile ImageIndex? _last;

    private string MarkerPath => Path.Combine(layout, OciLayout.MarkerName);

    private string IndexPath => Path.Combine(layout, OciLayout.IndexName);

    /// <summary>Reads the index, or returns <see langword="null"/> where a layout is still to be made.</summary>
    internal async Task<ImageIndex?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            FileInfo? index = LayoutPath.Find(IndexPath);
            if (LayoutPath.Find(MarkerPath) is { } marker)
            {
                await CheckVersionAsync(marker, cancellationToken).ConfigureAwait(false);
                return index is null ? null : Parse(await LayoutPath.ReadAllBytesAsync(index, OciDocument.MaxLengthBytes, cancellationToken).ConfigureAwait(false));
            }

            // Another process can be making the layout just now: then the marker is there when it is looked for again.
            string[] names = Directory.Exists(layout) ? [.. Directory.EnumerateFileSystemEntries(layout).Select(entry => Path.GetFileName(entry))] : [];
            if (names.All(IsOfALayoutToBe))
            {
                return null;
            }

            if (!names.Contains(OciLayout.MarkerName))
            {
                throw new InvalidContentException(
                    $"directory '{layout}'", $"it is not empty and no OCI layout, since it has no file '{OciLayout.MarkerName}'", remedy: "Name an empty or a new directory, or a layout.");
            }
        }
    }

    /// <summary>Makes the directory a layout, if it is none.</summary>
    internal async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (LayoutPath.Find(IndexPath) is not null && LayoutPath.Find(MarkerPath) is { } marker)
        {
            if (!_isVersionKnown)
            {
                await CheckVersionAsync(marker, cancellationToken).ConfigureAwait(false);
                _isVersionKnown = true;
            }

            return;
        }

        _ = await ReadAsync(cancellationToken).ConfigureAwait(false);
        Directory.CreateDirectory(layout);
        using IDisposable turn = await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        if (await ReadAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            await AtomicFile.WriteAllBytesAsync(MarkerPath, Encoding.UTF8.GetBytes(OciLayout.MarkerText), cancellationToken).ConfigureAwait(false);
            await AtomicFile.WriteAllBytesAsync(IndexPath, ImageIndex.Create().RawBytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes the index, with everyone else excluded between reading and writing.</summary>
    /// <returns>Whether there was something to change.</returns>
    internal async Task<bool> ChangeAsync(Func<ImageIndex, ImageIndex> change, CancellationToken cancellationToken)
    {
        using IDisposable turn = await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        ImageIndex index = await ReadAsync(cancellationToken).ConfigureAwait(false) ?? ImageIndex.Create();
        ImageIndex changed = change(index);
        if (changed.Digest == index.Digest)
        {
            return false;
        }

        await AtomicFile.WriteAllBytesAsync(IndexPath, changed.RawBytes, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // To understand a long index takes much longer than to read it, and most of the time it is the same.
    private ImageIndex Parse(byte[] bytes)
    {
        ImageIndex? last = _last;
        return last is not null && last.RawBytes.Span.SequenceEqual(bytes) ? last : _last = ImageIndex.Parse(bytes);
    }

    private static bool IsOfALayoutToBe(string name) =>
        name == LayoutLock.FileName || (name.StartsWith('.') && name.EndsWith(".partial", StringComparison.Ordinal));

    private static async Task CheckVersionAsync(FileInfo marker, CancellationToken cancellationToken)
    {
        byte[] bytes = await LayoutPath.ReadAllBytesAsync(marker, MaxMarkerBytes, cancellationToken).ConfigureAwait(false);
        string? version;
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            version = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("imageLayoutVersion", out JsonElement stated) && stated.ValueKind == JsonValueKind.String
                ? stated.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidContentException($"layout's file '{marker.FullName}'", "it is not valid JSON: " + e.Message, e);
        }

        if (version is null || !version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new InvalidContentException($"layout's file '{marker.FullName}'", $"its version is '{version}', and only 1.0.0 is known here");
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using DevOps.Archives;

namespace DevOps.Registry;

/// <summary>The note of one upload, held by one process.</summary>
internal sealed class UploadJournalEntry(string path, string upload, FileStream hold) : IDisposable
{
    private const int Version = 1;
    private const int MaxBytes = 1 << 16;

    // A name that stands twice is damage like any other; a tree finds it only when it is looked into.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads how far an upload came. What cannot be read is no note: the upload begins anew.</summary>
    internal async Task<UploadState?> ReadAsync(CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        if (!file.Exists || file.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            JsonObject? tree = JsonNode.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), documentOptions: Strict) as JsonObject;
            return tree is not null && (int?)tree["version"] == Version && (string?)tree["upload"] == upload
                && (string?)tree["address"] is { } address && (long?)tree["acknowledgedBytes"] is { } acknowledged && (long?)tree["sentBytes"] is { } sent && (long?)tree["minChunkBytes"] is { } minimum
                && acknowledged >= 0 && sent >= acknowledged && minimum is >= 0 and <= UploadRequests.MaxMinChunkBytes
                ? new(address, minimum, acknowledged, sent)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    internal async Task WriteAsync(UploadState state, CancellationToken cancellationToken)
    {
        JsonObject tree = new()
        {
            ["version"] = Version,
            ["upload"] = upload,
            ["address"] = state.Address,
            ["minChunkBytes"] = state.MinChunkBytes,
            ["acknowledgedBytes"] = state.AcknowledgedBytes,
            ["sentBytes"] = state.SentBytes,
        };
        AtomicFile file = AtomicFile.Create(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using (file.ConfigureAwait(false))
        {
            await file.Content.WriteAsync(System.Text.Encoding.UTF8.GetBytes(tree.ToJsonString()), cancellationToken).ConfigureAwait(false);
            file.Commit();
        }
    }

    /// <summary>Removes the note. One that stays leads to a session that is over, and whoever follows it begins anew: that must not fail an upload that is done, nor hide why one failed.</summary>
    internal void Remove()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    public void Dispose() => hold.Dispose();
}

/// <summary>How far an upload came.</summary>
/// <param name="Address">Where it goes on.</param>
/// <param name="MinChunkBytes">The least that a chunk must have.</param>
/// <param name="AcknowledgedBytes">How many bytes the registry acknowledged.</param>
/// <param name="SentBytes">How many bytes may have reached it.</param>
internal sealed record UploadState(string Address, long MinChunkBytes, long AcknowledgedBytes, long SentBytes)
{
    /// <summary>Keeps the address out of texts.</summary>
    public override string ToString() => $"{AcknowledgedBytes} of {SentBytes} bytes acknowledged";
}

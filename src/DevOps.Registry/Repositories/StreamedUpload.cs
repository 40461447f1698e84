using System.Net;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One upload of a blob whose digest shows at its end: in one request of unknown length, in chunks where a registry wants lengths, and not at all where it takes whole blobs alone.</summary>
/// <remarks>
/// After a break the content is made again, and what the registry acknowledged is hashed and not sent. Whatever it acknowledged, the digest at the end decides: what it then refuses is sent once more, from the start.
/// Tries without progress are counted. Memory: nothing is kept of a request of unknown length; of chunks, one.
/// Source: OCI distribution-spec 1.1, "Pushing a blob in chunks".
/// </remarks>
internal sealed class StreamedUpload(UploadRequests requests, string mediaType, Func<Stream, CancellationToken, Task> write)
{
    // A registry that wants larger chunks gets the blob from a file.
    private const long MaxChunkBytes = 64 << 20;

    private const string Operation = "push what is being made";

    // Its session has a place for any blob.
    private static readonly Descriptor Unknown = Descriptor.ForContent(MediaTypes.OctetStream, []);

    private readonly RegistryTransport _transport = requests.Transport;
    private readonly RemoteRepository _repository = requests.Repository;
    private readonly UploadPatience _patience = new(requests);
    private UploadSession? _session;
    private long _acknowledged;
    private long _sent;
    private bool _isMended;
    private bool _wantsLargerChunks;

    private bool IsWorthATry => Has(RegistryAbility.Streams) || (Has(RegistryAbility.Chunks) && !_wantsLargerChunks);

    internal async Task<Descriptor?> RunAsync(CancellationToken cancellationToken)
    {
        bool isOver = false;
        try
        {
            Descriptor? blob = null;
            while (blob is null && IsWorthATry)
            {
                blob = await TryAsync(cancellationToken).ConfigureAwait(false);
            }

            isOver = blob is not null;
            return blob;
        }
        finally
        {
            if (!isOver)
            {
                await LeaveAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<Descriptor?> TryAsync(CancellationToken cancellationToken)
    {
        _session ??= await requests.OpenAsync(requests.Start(Unknown, "") with { Operation = Operation }, cancellationToken).ConfigureAwait(false);
        RegistryAbility way = Has(RegistryAbility.Streams) ? RegistryAbility.Streams : RegistryAbility.Chunks;
        long chunkBytes = Math.Max(Math.Min(_transport.Options.UploadChunkBytes, MaxChunkBytes), _session.MinChunkBytes);
        if (way == RegistryAbility.Chunks && chunkBytes > MaxChunkBytes)
        {
            // Of a file it can have them, so nothing is held against its chunks.
            _wantsLargerChunks = true;
            return null;
        }

        StreamedBody body = new(write, _acknowledged);
        RegistryException? error = await (way == RegistryAbility.Streams
            ? StreamAsync(body, cancellationToken)
            : SendChunksAsync(body, (int)chunkBytes, cancellationToken)).ConfigureAwait(false);
        if (body.Failure is { } failure)
        {
            await LeaveAsync().ConfigureAwait(false);
            ExceptionDispatchInfo.Throw(failure);
        }

        if (error is null)
        {
            return await CloseAsync(new(mediaType, body.Digest!, body.LengthBytes), cancellationToken).ConfigureAwait(false);
        }

        _sent = Math.Max(_sent, body.LengthBytes);
        await RecoverAsync(error, way, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<RegistryException?> StreamAsync(StreamedBody body, CancellationToken cancellationToken)
    {
        RegistryRequest patch = requests.Status(_session!, Unknown) with { Method = HttpMethod.Patch, Operation = Operation, IsReplayable = false, Streamed = body };
        try
        {
            using HttpResponseMessage response = await _transport.SendAsync(patch, cancellationToken).ConfigureAwait(false);
            if (!IsTaken(response))
            {
                return await RegistryErrors.FromAsync(patch, response, cancellationToken).ConfigureAwait(false);
            }

            if (body.Digest is null)
            {
                return new(Operation, _repository.ToString(), "it said that it has all before all was sent", "Report this to the operator of the registry.", response.StatusCode);
            }

            _session = UploadRequests.Moved(_session!, patch, response);
            return null;
        }
        catch (RegistryException e)
        {
            return e;
        }
    }

    private async Task<RegistryException?> SendChunksAsync(StreamedBody body, int chunkBytes, CancellationToken cancellationToken)
    {
        RegistryException? error = null;
        ChunkedStream chunks = new(chunkBytes, async (bytes, token) =>
        {
            error = await SendChunkAsync(bytes, token).ConfigureAwait(false);
            if (error is not null)
            {
                throw error;
            }
        });

        // As in one request: content that is being made may hold what other content waits for, which holds a slot, so it must not wait for a slot itself.
        SemaphoreSlim slot = await _transport.EnterToWriteAsync(_repository.Registry, cancellationToken).ConfigureAwait(false);
        try
        {
            await body.WriteToAsync(chunks, null, null, cancellationToken).ConfigureAwait(false);
            await chunks.EndAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception) when (error is not null || body.Failure is not null)
        {
            return error;
        }
        finally
        {
            slot.Release();
        }
    }

    private async Task<RegistryException?> SendChunkAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _ = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array);
        using MemoryStream content = new(array.Array!, array.Offset, array.Count, writable: false);
        RegistryRequest patch = requests.Chunk(_session!, Unknown, new(content, bytes.Length) { ChunkStart = _acknowledged }) with { Operation = Operation, HoldsSlot = true };
        try
        {
            using HttpResponseMessage response = await _transport.SendAsync(patch, cancellationToken).ConfigureAwait(false);
            if (!IsTaken(response))
            {
                return await RegistryErrors.FromAsync(patch, response, cancellationToken).ConfigureAwait(false);
            }

            _session = UploadRequests.Moved(_session!, patch, response);
            _acknowledged += bytes.Length;
            _patience.Reach(_acknowledged, progressBytes: 0);
            return null;
        }
        catch (RegistryException e)
        {
            return e;
        }
    }

    private async Task<Descriptor?> CloseAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        RegistryRequest put = requests.Complete(_session!, blob) with { Body = () => new ByteArrayContent([]) };
        using HttpResponseMessage response = await _transport.SendAsync(put, cancellationToken).ConfigureAwait(false);
        if (BlobUploads.IsCreated(response))
        {
            CheckDigest(put, blob, response);
            return blob;
        }

        // The answer to an earlier try may have been lost, and the session is gone because the blob is there.
        if (response.StatusCode == HttpStatusCode.NotFound && await _repository.ContainsAsync(blob, cancellationToken).ConfigureAwait(false))
        {
            return blob;
        }

        RegistryException error = await RegistryErrors.FromAsync(put, response, cancellationToken).ConfigureAwait(false);
        if (_isMended || error.IsTransient || error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestEntityTooLarge)
        {
            throw error;
        }

        _isMended = true;
        _transport.NoteResume(_repository.Registry, _repository.ToString(), Operation, 0, error);
        await LeaveAsync().ConfigureAwait(false);
        return null;
    }

    private void CheckDigest(RegistryRequest put, Descriptor blob, HttpResponseMessage response)
    {
        string? stated = response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values) ? values.First() : null;
        if (Digest.TryParse(stated, out Digest? digest) && digest.Algorithm == blob.Digest.Algorithm && digest != blob.Digest)
        {
            throw new RegistryException(put.Operation, _repository.ToString(), $"it stored {digest}", "What is stored there is not what was sent: report this to the operator of the registry.", response.StatusCode);
        }
    }

    private async Task RecoverAsync(RegistryException error, RegistryAbility way, CancellationToken cancellationToken)
    {
        // A token may have ended while bytes went on, and a connection that broke may still be held to be writing.
        bool mayPass = (error.IsTransient && error.StatusCode != HttpStatusCode.NotImplemented) || error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Conflict;
        if (mayPass || error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            _patience.Count(error, _acknowledged);
            await _patience.WaitAsync(cancellationToken).ConfigureAwait(false);
            await AskAsync(error, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (error.StatusCode == HttpStatusCode.Forbidden)
        {
            throw error;
        }

        _transport.NoteResume(_repository.Registry, _repository.ToString(), Operation, 0, error);
        _transport.Abilities.Miss(_repository.Registry, way);
        await LeaveAsync().ConfigureAwait(false);
    }

    /// <summary>Asks the registry how far it came, and gives the session up if that is not clear.</summary>
    private async Task AskAsync(RegistryException cause, CancellationToken cancellationToken)
    {
        RegistryRequest status = requests.Status(_session!, Unknown) with { Operation = Operation };
        while (true)
        {
            using HttpResponseMessage response = await _transport.SendAsync(status, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.Accepted && UploadRange.Read(response, _acknowledged, _sent) is { } has)
            {
                _session = UploadRequests.Moved(_session!, status, response);
                _acknowledged = has;
                _patience.Reach(has, BlobBody.ProgressBytes);
                return;
            }

            RegistryException error = await RegistryErrors.FromAsync(status, response, cancellationToken).ConfigureAwait(false);
            if (error.StatusCode != HttpStatusCode.Conflict || !_patience.IsLeft)
            {
                _patience.CountLost(cause);
                await LeaveAsync().ConfigureAwait(false);
                return;
            }

            // The registry has not noticed yet that the one who wrote is gone.
            _patience.Count(error, _acknowledged);
            await _patience.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the session up: the next try begins anew.</summary>
    private async Task LeaveAsync()
    {
        if (_session is { } session)
        {
            (_session, _acknowledged, _sent) = (null, 0, 0);
            _patience.Restart();
            await requests.CancelAsync(session).ConfigureAwait(false);
        }
    }

    private bool Has(RegistryAbility ability) => _transport.Abilities.Has(_repository.Registry, ability);

    private static bool IsTaken(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Created or HttpStatusCode.NoContent;
}

using System.Net;
using System.Runtime.ExceptionServices;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One upload of a blob that can be opened again: whole at first, in chunks where it is noted in a journal or a transfer broke off, and from the start where the registry does not say clearly what it has.</summary>
/// <remarks>
/// Whatever a registry says of its progress, the digest at the end decides; a registry that then finds another blob gets it once more, whole. Tries without progress are counted, and a chunk that arrived starts the count anew.
/// Source: OCI distribution-spec 1.1, "Pushing a blob in chunks".
/// </remarks>
internal sealed class ResumableUpload(UploadRequests requests, Descriptor descriptor, UploadSource source, UploadJournalEntry? entry)
{
    private readonly RegistryTransport _transport = requests.Transport;
    private readonly UploadPatience _patience = new(requests);
    private UploadSession? _session;
    private long _offset;
    private long _sent;
    private bool _isWhole;
    private bool _isMended;

    /// <summary>Gets what each chunk has; the last may have less.</summary>
    private long ChunkBytes => Math.Max(_transport.Options.UploadChunkBytes, _session!.MinChunkBytes);

    internal async Task RunAsync(UploadSession? opened, CancellationToken cancellationToken)
    {
        _isWhole = !_transport.Abilities.Has(requests.Repository.Registry, RegistryAbility.Chunks);
        bool keepsSession = false;
        try
        {
            bool isDone = await ResumeAsync(opened, cancellationToken).ConfigureAwait(false);
            while (!isDone)
            {
                isDone = await AdvanceAsync(cancellationToken).ConfigureAwait(false);
            }

            (_session, keepsSession) = (null, true);
            entry?.Remove();
        }
        catch (Exception e)
        {
            // Content that is not what it should be stays so; what else went wrong may be right for the next process.
            keepsSession = entry is not null && e is not Content.ContentVerificationException;
            throw;
        }
        finally
        {
            if (!keepsSession)
            {
                await LeaveAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> ResumeAsync(UploadSession? opened, CancellationToken cancellationToken)
    {
        bool isDone = false;
        try
        {
            UploadState? state = entry is null || _isWhole ? null : await entry.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (state is not null)
            {
                isDone = await TakeUpAsync(state, cancellationToken).ConfigureAwait(false);
            }

            if (_session is null && !isDone)
            {
                (_session, opened) = (opened, null);
            }

            return isDone;
        }
        finally
        {
            if (opened is not null)
            {
                await requests.CancelAsync(opened).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Goes to the session of a note.</summary>
    /// <returns>Whether the blob is there as a whole.</returns>
    private async Task<bool> TakeUpAsync(UploadState state, CancellationToken cancellationToken)
    {
        RegistryRequest request = requests.Start(descriptor, "");
        Uri root = await _transport.FindRootAsync(requests.Repository.Registry, cancellationToken).ConfigureAwait(false);
        try
        {
            _session = new(NextAddress.From(request, root, state.Address), state.MinChunkBytes);
            (_offset, _sent) = (state.AcknowledgedBytes, state.SentBytes);
            return await AskAsync(null, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e)
        {
            // A session that cannot be asked for must not fail every upload to come. The note stays until a new session takes its place: if there is none, it is the registry that fails.
            _transport.NoteResume(requests.Repository.Registry, requests.Repository.ToString(), request.Operation, 0, e);
            (_session, _offset, _sent) = (null, 0, 0);
            return false;
        }
    }

    /// <summary>Makes one step.</summary>
    /// <returns>Whether it was the last.</returns>
    private async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        _session ??= await requests.OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
        bool isChunked = !_isWhole && (_offset > 0 || (entry is not null && descriptor.SizeBytes > ChunkBytes));
        return !isChunked ? await SendWholeAsync(cancellationToken).ConfigureAwait(false)
            : _offset < descriptor.SizeBytes ? await SendChunkAsync(cancellationToken).ConfigureAwait(false)
            : await CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> SendWholeAsync(CancellationToken cancellationToken)
    {
        UploadBody body = await source.WholeAsync(cancellationToken).ConfigureAwait(false);
        RegistryRequest put = requests.Complete(_session!, descriptor) with { IsReplayable = false, Upload = body };
        _sent = descriptor.SizeBytes;
        (HttpResponseMessage? response, RegistryException? error) = await SendAsync(put, body, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            if (response is not null && BlobUploads.IsCreated(response))
            {
                return true;
            }

            error ??= await RegistryErrors.FromAsync(put, response!, cancellationToken).ConfigureAwait(false);
            if (MayPass(error))
            {
                return await RetryAsync(error, cancellationToken).ConfigureAwait(false);
            }

            if (_isMended || error.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone))
            {
                throw error;
            }

            // A session that a mount left, or one that the registry lost: one that was just opened tells whether it is that.
            _isMended = true;
            await source.LeaveAsync().ConfigureAwait(false);
            await LeaveAsync().ConfigureAwait(false);
            return false;
        }
    }

    private async Task<bool> SendChunkAsync(CancellationToken cancellationToken)
    {
        long end = Math.Min(_offset + ChunkBytes, descriptor.SizeBytes);
        _sent = Math.Max(_sent, end);
        await NoteAsync(cancellationToken).ConfigureAwait(false);
        UploadBody body = await source.ChunkAsync(_offset, end - _offset, cancellationToken).ConfigureAwait(false);
        RegistryRequest patch = requests.Chunk(_session!, descriptor, body);
        (HttpResponseMessage? response, RegistryException? error) = await SendAsync(patch, body, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            // The status says that the chunk was taken. Its Range is not asked: one large registry always sends the same.
            if (response is { StatusCode: HttpStatusCode.Accepted or HttpStatusCode.Created or HttpStatusCode.NoContent })
            {
                _session = UploadRequests.Moved(_session!, patch, response);
                source.Advance(end);
                (_offset, _sent) = (end, end);
                _patience.Reach(end, progressBytes: 0);
                return false;
            }

            error ??= await RegistryErrors.FromAsync(patch, response!, cancellationToken).ConfigureAwait(false);
            if (MayPass(error))
            {
                return await RetryAsync(error, cancellationToken).ConfigureAwait(false);
            }

            if (error.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.RequestEntityTooLarge)
            {
                throw error;
            }

            await source.LeaveAsync().ConfigureAwait(false);
            _patience.Count(error, _offset);
            if (response!.Headers.Location is not null && UploadRange.Read(response, _offset, _sent) is { } has)
            {
                _session = UploadRequests.Moved(_session!, patch, response);
                GoOnFrom(has);
                return false;
            }

            // What is neither a place that moved nor a session that is gone is a registry that takes no chunks.
            if (error.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable))
            {
                _isWhole = true;
                _transport.Abilities.Miss(requests.Repository.Registry, RegistryAbility.Chunks);
            }

            await BeginAnewAsync(error).ConfigureAwait(false);
            return false;
        }
    }

    private async Task<bool> CloseAsync(CancellationToken cancellationToken)
    {
        await NoteAsync(cancellationToken).ConfigureAwait(false);
        await source.EndAsync(cancellationToken).ConfigureAwait(false);
        RegistryRequest put = requests.Complete(_session!, descriptor) with { Body = () => new ByteArrayContent([]) };
        using HttpResponseMessage response = await _transport.SendAsync(put, cancellationToken).ConfigureAwait(false);
        if (BlobUploads.IsCreated(response) || (response.StatusCode == HttpStatusCode.NotFound && await requests.Repository.ContainsAsync(descriptor, cancellationToken).ConfigureAwait(false)))
        {
            return true;
        }

        RegistryException error = await RegistryErrors.FromAsync(put, response, cancellationToken).ConfigureAwait(false);
        if (_isMended || error.IsTransient || error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestEntityTooLarge)
        {
            throw error;
        }

        // Something came between the parts: the whole tells whether it was the way or the content.
        (_isMended, _isWhole) = (true, true);
        await source.LeaveAsync().ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
        return false;
    }

    private async Task<(HttpResponseMessage? Response, RegistryException? Error)> SendAsync(RegistryRequest request, UploadBody body, CancellationToken cancellationToken)
    {
        try
        {
            return (await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false), null);
        }
        catch (RegistryException e)
        {
            if (body.ReadFailure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            return (null, e);
        }
    }

    // A token may have ended while bytes went on, and a connection that broke may still be held to be writing.
    private static bool MayPass(RegistryException error) => (error.IsTransient && error.StatusCode != HttpStatusCode.NotImplemented) || error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Conflict;

    private async Task<bool> RetryAsync(RegistryException error, CancellationToken cancellationToken)
    {
        await source.LeaveAsync().ConfigureAwait(false);
        _patience.Count(error, _offset);
        await _patience.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await AskAsync(error, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the registry how far it came, and gives the session up if that is not clear.</summary>
    /// <param name="cause">What broke the transfer; <see langword="null"/> if it was another process.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>Whether the blob is there as a whole.</returns>
    private async Task<bool> AskAsync(RegistryException? cause, CancellationToken cancellationToken)
    {
        RegistryRequest status = requests.Status(_session!, descriptor);
        while (true)
        {
            using HttpResponseMessage response = await _transport.SendAsync(status, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Conflict && _patience.IsLeft)
            {
                // The registry has not noticed yet that the one who wrote is gone.
                _patience.Count(await RegistryErrors.FromAsync(status, response, cancellationToken).ConfigureAwait(false), _offset);
                await _patience.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.Accepted && !_isWhole && UploadRange.Read(response, _offset, _sent) is { } has)
            {
                _session = UploadRequests.Moved(_session!, status, response);
                GoOnFrom(has);
                return false;
            }

            RegistryException error = await RegistryErrors.FromAsync(status, response, cancellationToken).ConfigureAwait(false);
            if (error.IsTransient && error.StatusCode != HttpStatusCode.NotImplemented)
            {
                throw error;
            }

            if (response.StatusCode == HttpStatusCode.NotFound && await requests.Repository.ContainsAsync(descriptor, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            await BeginAnewAsync(cause).ConfigureAwait(false);
            return false;
        }
    }

    private Task BeginAnewAsync(RegistryException? cause)
    {
        _patience.CountLost(cause);
        return LeaveAsync();
    }

    private void GoOnFrom(long offset)
    {
        _offset = offset;
        _patience.Reach(offset, Math.Min(BlobBody.ProgressBytes, ChunkBytes));
    }

    /// <summary>Gives the session up: the next step begins anew.</summary>
    private async Task LeaveAsync()
    {
        entry?.Remove();
        if (_session is { } session)
        {
            (_session, _offset, _sent) = (null, 0, 0);
            _patience.Restart();
            await requests.CancelAsync(session).ConfigureAwait(false);
        }
    }

    private Task NoteAsync(CancellationToken cancellationToken) =>
        entry?.WriteAsync(new(_session!.Address.AbsoluteUri, _session.MinChunkBytes, _offset, _sent), cancellationToken) ?? Task.CompletedTask;
}

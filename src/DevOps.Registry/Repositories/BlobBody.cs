using System.Net;
using System.Net.Http.Headers;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads a part of a blob, or all of it, and goes on by itself where a connection broke.</summary>
/// <remarks>
/// What a registry says of ranges is checked before a byte of it is used: a range that is not the one that was asked for would be another content. A registry that is stuck is not asked for ever: without a mebibyte of
/// progress, no more often than the options allow. Source: RFC 9110, section 14; OCI distribution-spec 1.1, "Pulling blobs".
/// </remarks>
internal sealed class BlobBody(RegistryTransport transport, RegistryRequest request, string origin, Descriptor content, long start, long end) : ReadOnlyContent
{
    internal const long ProgressBytes = 1 << 20;

    private readonly SilenceLimit _silence = new(transport.TimeProvider, transport.Options.NoProgressTimeout);
    private readonly long _start = start;
    private Stream? _body;
    private HttpResponseMessage? _response;
    private long _at = start;
    private long _resumedAt = start;
    private int _tries;
    private MovedBytes? _moved;
    private bool _isDisposed;

    public override long Length => end - _start;

    public override long Position { get => _at - _start; set => throw new NotSupportedException(); }

    /// <summary>Gets whether the whole is taken for an answer to a range, what comes before it being read once more.</summary>
    internal bool TakesWhole { get; init; } = true;

    /// <summary>Takes the answer to a request that was sent already: for the whole blob, or for just this part.</summary>
    /// <exception cref="RegistryException">The answer is another part.</exception>
    internal async Task UseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent && !IsAsked(response.Content.Headers.ContentRange))
        {
            throw NotAsked(response);
        }

        (_response, _moved) = (response, MovedBytes.Pulled(request, response));
        _body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for the first byte, so that what is missing shows at once.</summary>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_at < end)
        {
            try
            {
                await OpenAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // It is there, and whoever reads asks once more.
                Leave();
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Whoever waits for a whole blob also wants to know of bytes that are too many.
        bool isWhole = _start == 0 && end == content.SizeBytes;
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Memory<byte> wanted = isWhole || buffer.Length <= end - _at ? buffer : buffer[..(int)(end - _at)];
            if (wanted.IsEmpty)
            {
                return 0;
            }

            try
            {
                if (_body is null)
                {
                    await OpenAsync(cancellationToken).ConfigureAwait(false);
                }

                int read = await _body!.ReadAsync(wanted, _silence.Begin(cancellationToken)).ConfigureAwait(false);
                _silence.End();
                _at += read;
                _moved?.Add(read);
                if (read > 0 || _at >= end || (isWhole && PullMirrors.Of(_response) is null))
                {
                    // An answer of the registry that ends in order and too early is no broken connection: it is another content, and whoever verifies says so.
                    return read;
                }

                throw new IOException("The answer ended.");
            }
            catch (IOException) when (_at >= end)
            {
                // All of it came; what broke after that says nothing about it.
                return 0;
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                await RetryAsync(new IOException($"Nothing came for {_silence.Longest.TotalSeconds} seconds.", e), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException || (_body is null && e is RegistryException { IsTransient: true }))
            {
                await RetryAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isDisposed = true;
            Leave();
            _silence.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Leave()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }

    private async Task RetryAsync(Exception error, CancellationToken cancellationToken)
    {
        if (PullMirrors.Of(_response) is { } mirror)
        {
            // It is left alone from here on, so the rest comes from the next one or the registry, and at once.
            request.Mirrors?.Leave(mirror, error.Message);
            transport.NoteResume(request.Registry, origin, request.Operation, _at, error);
            Leave();
            return;
        }

        Leave();
        if (_at - _resumedAt >= ProgressBytes)
        {
            _tries = 0;
        }

        if (_tries >= transport.Options.MaxRetries)
        {
            if (error is IOException)
            {
                throw RegistryErrors.BrokenOff(request, $"the answer broke off after {_at} of {end} bytes: {error.Message.TrimEnd('.')}", error);
            }

            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        _resumedAt = _at;
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Min(250 * Math.Pow(2, _tries++), transport.Options.MaxRetryDelay.TotalMilliseconds));
        transport.NoteResume(request.Registry, origin, request.Operation, _at, error);
        await Task.Delay(delay, transport.TimeProvider, cancellationToken).ConfigureAwait(false);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        RegistryRequest part = _at == 0 && end == content.SizeBytes ? request : request with { Range = (_at, end - 1) };
        HttpResponseMessage response = await transport.SendAsync(part, cancellationToken).ConfigureAwait(false);
        try
        {
            long skip = response.StatusCode switch
            {
                HttpStatusCode.PartialContent when IsAsked(response.Content.Headers.ContentRange) => 0,
                HttpStatusCode.PartialContent => throw NotAsked(response),

                // The range was not heard: what came before it is read once more.
                HttpStatusCode.OK when TakesWhole || _at == 0 && end == content.SizeBytes => _at,
                HttpStatusCode.OK => throw new RangeIgnoredException(),
                HttpStatusCode.NotFound => throw new ContentNotFoundException(origin, content.Digest.ToString()),
                _ => throw await RegistryErrors.FromAsync(part, response, cancellationToken).ConfigureAwait(false),
            };
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            (_response, _moved) = (response, MovedBytes.Pulled(request, response));
            await SkipAsync(body, skip, cancellationToken).ConfigureAwait(false);
            _body = body;
        }
        catch
        {
            if (_response is null)
            {
                response.Dispose();
            }

            throw;
        }
    }

    private bool IsAsked(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", From: { } from, To: { } to } && from == _at && to == end - 1 && (range.Length is null || range.Length == content.SizeBytes);

    private RegistryException NotAsked(HttpResponseMessage response) => new(
        request.Operation, origin,
        $"it was asked for the bytes {_at} to {end - 1} of {content.SizeBytes} and answered with '{response.Content.Headers.ContentRange?.ToString() ?? "no range"}'",
        "Nothing of it was used. Report this to the operator of the registry.", response.StatusCode);

    private async Task SkipAsync(Stream body, long count, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[(int)Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            int read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), _silence.Begin(cancellationToken)).ConfigureAwait(false);
            _silence.End();
            count -= read > 0 ? read : throw new IOException("The answer ended before the place from which it was to go on.");
        }
    }
}

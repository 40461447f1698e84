using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>The requests that an upload is made of.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing blobs".</remarks>
internal sealed class UploadRequests(RegistryTransport transport, RemoteRepository repository)
{
    // A registry that wants chunks of any length would be as good as one that wants none.
    internal const long MaxMinChunkBytes = 1 << 30;

    // The waits double: a registry notices within milliseconds that whoever wrote is gone, and one under load within seconds.
    private static readonly TimeSpan FirstCancelDelay = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan MaxCancelDelay = TimeSpan.FromMilliseconds(400);

    private const int MaxFailedCancels = 3;

    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long whoever was stopped waits for the answer that says which session is open now.</summary>
    internal static readonly TimeSpan HearOutTimeout = TimeSpan.FromSeconds(2);

    internal RegistryTransport Transport => transport;

    internal RemoteRepository Repository => repository;

    internal RegistryRequest Start(Descriptor descriptor, string query) =>
        Request(HttpMethod.Post, $"{repository.Root}/blobs/uploads/{query}", descriptor) with { Body = () => new ByteArrayContent([]), OpensSession = true };

    /// <summary>Returns what announces an algorithm that a registry does not take for granted. Source: OCI distribution-spec, after 1.1, "Pushing blobs".</summary>
    internal static string AlgorithmOf(Descriptor descriptor, string separator) =>
        descriptor.Digest.Algorithm == DigestAlgorithm.Sha256 ? "" : $"{separator}digest-algorithm={descriptor.Digest.AlgorithmName}";

    internal Task<UploadSession> OpenAsync(Descriptor descriptor, CancellationToken cancellationToken) => OpenAsync(Start(descriptor, AlgorithmOf(descriptor, "?")), cancellationToken);

    internal async Task<UploadSession> OpenAsync(RegistryRequest post, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await transport.SendAsync(post, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw await RegistryErrors.FromAsync(post, response, cancellationToken).ConfigureAwait(false);
        }

        UploadSession session = Opened(post, response);
        await LeaveIfStoppedAsync(session, cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>Cancels a session that was opened for somebody who was stopped meanwhile.</summary>
    /// <exception cref="OperationCanceledException">They were.</exception>
    internal async Task LeaveIfStoppedAsync(UploadSession session, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(session).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Reads the session that an answer opened.</summary>
    /// <exception cref="RegistryException">It names none.</exception>
    internal UploadSession Opened(RegistryRequest post, HttpResponseMessage response)
    {
        Uri address = LocationOf(post, response)
            ?? throw new RegistryException(post.Operation, repository.ToString(), "the answer names no upload location", "Check that this address is an OCI registry.", response.StatusCode);
        long minimum = response.Headers.TryGetValues("OCI-Chunk-Min-Length", out IEnumerable<string>? values)
            && long.TryParse(values.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long stated) ? Math.Min(stated, MaxMinChunkBytes) : 0;
        return new(address, minimum);
    }

    /// <summary>Returns the session at the place that an answer moved it to.</summary>
    internal static UploadSession Moved(UploadSession session, RegistryRequest request, HttpResponseMessage response) =>
        LocationOf(request, response) is { } address ? session with { Address = address } : session;

    internal RegistryRequest Complete(UploadSession session, Descriptor descriptor) =>
        Request(HttpMethod.Put, "", descriptor) with { Address = WithDigest(session.Address, descriptor.Digest) };

    internal RegistryRequest Chunk(UploadSession session, Descriptor descriptor, UploadBody body) =>
        Request(HttpMethod.Patch, "", descriptor) with { Address = session.Address, IsReplayable = false, Upload = body };

    internal RegistryRequest Status(UploadSession session, Descriptor descriptor) => Request(HttpMethod.Get, "", descriptor) with { Address = session.Address };

    /// <summary>Tells the registry that a session is over. It forgets sessions by itself too, so nothing depends on that.</summary>
    /// <remarks>The request that was stopped may still count as the session's writer: the registry then says that the session is busy, and is told again until it has noticed.</remarks>
    internal async Task CancelAsync(UploadSession session)
    {
        RegistryRequest delete = repository.Request(HttpMethod.Delete, "", "cancel an upload") with { Address = session.Address, Scopes = [repository.PushScope], IsRetried = false };
        using CancellationTokenSource limit = new(CancelTimeout, transport.TimeProvider);
        TimeSpan delay = FirstCancelDelay;
        for (int failures = 0; ; delay = delay * 2 < MaxCancelDelay ? delay * 2 : MaxCancelDelay)
        {
            try
            {
                using HttpResponseMessage response = await transport.SendAsync(delete, limit.Token).ConfigureAwait(false);
                bool isBusy = response.StatusCode == HttpStatusCode.Conflict;
                failures += isBusy ? 0 : 1;
                if (!isBusy && (!RegistryException.IsPassing(response.StatusCode) || failures >= MaxFailedCancels))
                {
                    return;
                }
            }
            catch (RegistryException e) when (e.IsTransient && ++failures < MaxFailedCancels && !limit.IsCancellationRequested)
            {
                // A connection that broke, or a token service that failed for a moment.
            }
            catch (Exception e) when (e is DevOpsException or OperationCanceledException or ObjectDisposedException)
            {
                // What matters was said by whoever gave the session up.
                return;
            }

            try
            {
                await Task.Delay(delay, transport.TimeProvider, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    internal static Uri? LocationOf(RegistryRequest request, HttpResponseMessage response) =>
        response.Headers.Location is { } location ? NextAddress.From(request, response.RequestMessage!.RequestUri!, location.OriginalString) : null;

    private RegistryRequest Request(HttpMethod method, string path, Descriptor descriptor) =>
        repository.Request(method, path, $"push {descriptor.Digest}") with { Scopes = [repository.PushScope] };

    // The location's own query is the registry's state and stays as it is.
    private static Uri WithDigest(Uri session, Digest digest)
    {
        UriBuilder builder = new(session);
        builder.Query = (builder.Query.Length > 1 ? builder.Query[1..] + "&" : "") + "digest=" + Uri.EscapeDataString(digest.ToString());
        return builder.Uri;
    }
}

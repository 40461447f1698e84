using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Uploads blobs: small ones in one request, others in a session that takes them in one piece, or in chunks where they can be opened again.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing blobs" and "Mounting a blob from another repository".</remarks>
internal sealed class BlobUploads(RegistryTransport transport, RemoteRepository repository)
{
    internal const int MaxSmallBytes = 1 << 16;

    private readonly UploadRequests _requests = new(transport, repository);

    /// <summary>Uploads what can be read once.</summary>
    internal Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken) => PushAsync(descriptor, () => WriteOnceAsync(descriptor, content, cancellationToken));

    /// <summary>Uploads what can be opened again, and goes on where a transfer broke off: of this process, or of one before it that kept the same journal.</summary>
    internal Task WriteAsync(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt, CancellationToken cancellationToken) =>
        PushAsync(descriptor, () => WriteOpenedAsync(descriptor, openAt, cancellationToken));

    /// <summary>Has the registry take a blob over from a repository, or from wherever it has it where it may be asked that.</summary>
    internal async ValueTask<bool> TryMountAsync(Descriptor descriptor, RemoteRepository? from, CancellationToken cancellationToken) =>
        (from is not null || MayMountAnonymously(descriptor)) && await RegistrySpans.RunAsync("mount blob", repository, descriptor, () => MountAsync(descriptor, from, cancellationToken)).ConfigureAwait(false);

    /// <summary>Opens a session and gives it up, so that it is known whether an upload could begin.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        RegistryRequest post = _requests.Start(Descriptor.ForContent(MediaTypes.OctetStream, []), "") with { Operation = "check push" };
        await _requests.CancelAsync(await _requests.OpenAsync(post, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    internal static bool IsCreated(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.Created or HttpStatusCode.NoContent;

    private Task PushAsync(Descriptor descriptor, Func<Task> push) => RegistrySpans.RunAsync("push blob", repository, descriptor, async () =>
    {
        try
        {
            await push().ConfigureAwait(false);
        }
        catch when (transport.LeftSessions.Has(repository, descriptor))
        {
            // The push that was to take the session over failed before it came to that.
            if (await TakeLeftAsync(descriptor).ConfigureAwait(false) is { } session)
            {
                await _requests.CancelAsync(session).ConfigureAwait(false);
            }

            throw;
        }
    });

    private async Task WriteOnceAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        if (descriptor.SizeBytes <= MaxSmallBytes)
        {
            await WriteSmallAsync(descriptor, await ReadSmallAsync(descriptor, content, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return;
        }

        UploadSession session = await OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
        UploadBody body = new(content, descriptor.SizeBytes);
        RegistryRequest put = _requests.Complete(session, descriptor) with { IsReplayable = false, Upload = body };
        bool isOver = false;
        try
        {
            using HttpResponseMessage response = await transport.SendAsync(put, cancellationToken).ConfigureAwait(false);
            isOver = IsCreated(response) ? true : throw await RegistryErrors.FromAsync(put, response, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException) when (body.ReadFailure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            if (!isOver)
            {
                await _requests.CancelAsync(session).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteOpenedAsync(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt, CancellationToken cancellationToken)
    {
        if (descriptor.SizeBytes <= MaxSmallBytes)
        {
            Stream content = await openAt(0, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to push");
                await WriteOnceAsync(descriptor, verifying, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        using UploadJournalEntry? entry = transport.Options.UploadJournal?.TryOpen(repository.Registry, repository.Name, descriptor);
        UploadSource source = new(descriptor, openAt);
        await using (source.ConfigureAwait(false))
        {
            ResumableUpload upload = new(_requests, descriptor, source, entry);
            await upload.RunAsync(await TakeLeftAsync(descriptor).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> MountAsync(Descriptor descriptor, RemoteRepository? from, CancellationToken cancellationToken)
    {
        string query = $"?mount={descriptor.Digest}" + (from is null ? "" : "&from=" + Uri.EscapeDataString(from.Name.Value)) + UploadRequests.AlgorithmOf(descriptor, "&");
        RegistryRequest post = _requests.Start(descriptor, query) with { Operation = $"mount {descriptor.Digest}", Body = null };
        post = from is null ? post : post with { Scopes = post.Scopes.Add(from.PullScope) };
        HttpResponseMessage response;
        try
        {
            response = await transport.SendAsync(post, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException)
        {
            // The right to read the source may be refused while that to write here is not: the upload will tell.
            return false;
        }

        using HttpResponseMessage answer = response;
        await transport.LeftSessions.CancelOldAsync().ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Accepted && response.Headers.Location is not null)
        {
            UploadSession session = _requests.Opened(post, response);
            await _requests.LeaveIfStoppedAsync(session, cancellationToken).ConfigureAwait(false);
            await transport.LeftSessions.KeepAsync(_requests, descriptor, session).ConfigureAwait(false);
        }
        else if (from is null && IsRefused(response.StatusCode))
        {
            transport.Abilities.Miss(repository.Registry, RegistryAbility.AnonymousMounts);
        }

        // Every other answer leaves the ordinary upload, which reports what is wrong if it fails too.
        return response.StatusCode == HttpStatusCode.Created;
    }

    private async Task WriteSmallAsync(Descriptor descriptor, byte[] bytes, CancellationToken cancellationToken)
    {
        UploadSession? session = await TakeLeftAsync(descriptor).ConfigureAwait(false);
        if (session is null && transport.Abilities.Has(repository.Registry, RegistryAbility.OneTripBlobs))
        {
            RegistryRequest post = _requests.Start(descriptor, "?digest=" + Uri.EscapeDataString(descriptor.Digest.ToString())) with { Body = () => Content(bytes) };
            using HttpResponseMessage response = await transport.SendAsync(post, cancellationToken).ConfigureAwait(false);
            if (IsCreated(response))
            {
                return;
            }

            session = response.StatusCode == HttpStatusCode.Accepted ? _requests.Opened(post, response)
                : IsRefused(response.StatusCode) ? null
                : throw await RegistryErrors.FromAsync(post, response, cancellationToken).ConfigureAwait(false);
            transport.Abilities.Miss(repository.Registry, RegistryAbility.OneTripBlobs);
        }

        session ??= await _requests.OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
        bool isOver = false;
        try
        {
            await CompleteSmallAsync(session, descriptor, bytes, cancellationToken).ConfigureAwait(false);
            isOver = true;
        }
        finally
        {
            if (!isOver)
            {
                await _requests.CancelAsync(session).ConfigureAwait(false);
            }
        }
    }

    private async Task CompleteSmallAsync(UploadSession session, Descriptor descriptor, byte[] bytes, CancellationToken cancellationToken)
    {
        RegistryRequest put = _requests.Complete(session, descriptor) with { Body = () => Content(bytes) };
        using HttpResponseMessage answer = await transport.SendAsync(put, cancellationToken).ConfigureAwait(false);

        // The answer to an earlier try may have been lost, and the session is gone because the blob is there.
        if (!IsCreated(answer) && !(answer.StatusCode == HttpStatusCode.NotFound && await repository.ContainsAsync(descriptor, cancellationToken).ConfigureAwait(false)))
        {
            throw await RegistryErrors.FromAsync(put, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    // A small blob is there with the one request that would ask.
    private bool MayMountAnonymously(Descriptor descriptor) =>
        descriptor.SizeBytes > MaxSmallBytes && transport.Options.AnonymousMountRegistries.Contains(repository.Registry) && transport.Abilities.Has(repository.Registry, RegistryAbility.AnonymousMounts);

    // What says something about the caller, the repository or the load would say the same to a session.
    private static bool IsRefused(HttpStatusCode status) =>
        (int)status is (>= 400 and < 500) or (int)HttpStatusCode.NotImplemented && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.TooManyRequests);

    private static ByteArrayContent Content(byte[] bytes) => new(bytes) { Headers = { ContentType = new(MediaTypes.OctetStream) } };

    private static async Task<byte[]> ReadSmallAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new((int)descriptor.SizeBytes);
        await content.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    private Task<UploadSession?> TakeLeftAsync(Descriptor descriptor) => transport.LeftSessions.TakeAsync(repository, descriptor);

    private async Task<UploadSession> OpenAsync(Descriptor descriptor, CancellationToken cancellationToken) =>
        await TakeLeftAsync(descriptor).ConfigureAwait(false) ?? await _requests.OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
}

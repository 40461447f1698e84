using System.Collections.Concurrent;
using System.Net;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Uploads blobs: small ones in one request, others in a session that takes them in one piece, or in chunks where they can be opened again.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing blobs" and "Mounting a blob from another repository".</remarks>
internal sealed class BlobUploads(RegistryTransport transport, RemoteRepository repository)
{
    internal const int MaxSmallBytes = 1 << 16;

    private static readonly TimeSpan SessionAge = TimeSpan.FromSeconds(30);

    private readonly UploadRequests _requests = new(transport, repository);

    // A mount that is not possible leaves an open session: the upload that follows at once goes there instead of opening another.
    private readonly ConcurrentDictionary<Digest, (UploadSession Session, DateTimeOffset OpenedAt)> _sessions = new();

    /// <summary>Uploads what can be read once.</summary>
    internal async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken)
    {
        if (descriptor.SizeBytes <= MaxSmallBytes)
        {
            await WriteSmallAsync(descriptor, await ReadSmallAsync(descriptor, content, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return;
        }

        UploadSession session = TakeLeft(descriptor) ?? await _requests.OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
        UploadBody body = new(content, descriptor.SizeBytes);
        RegistryRequest put = _requests.Complete(session, descriptor) with { IsReplayable = false, Upload = body };
        bool isOver = false;
        try
        {
            using HttpResponseMessage response = await transport.SendAsync(put, cancellationToken).ConfigureAwait(false);
            isOver = IsCreated(response) ? true : throw await RegistryErrors.FromAsync(put, response, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e)
        {
            if (body.ReadFailure is { } failure)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            // A registry that does not answer need not be told either.
            isOver = e.StatusCode is null;
            throw;
        }
        finally
        {
            if (!isOver)
            {
                await _requests.CancelAsync(session, descriptor).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Uploads what can be opened again, and goes on where a transfer broke off: of this process, or of one before it that kept the same journal.</summary>
    internal async Task WriteAsync(Descriptor descriptor, Func<long, CancellationToken, Task<Stream>> openAt, CancellationToken cancellationToken)
    {
        if (descriptor.SizeBytes <= MaxSmallBytes)
        {
            Stream content = await openAt(0, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the content to push");
                await WriteAsync(descriptor, verifying, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        using UploadJournalEntry? entry = transport.Options.UploadJournal?.TryOpen(repository.Registry, repository.Name, descriptor);
        UploadSource source = new(descriptor, openAt);
        await using (source.ConfigureAwait(false))
        {
            ResumableUpload upload = new(_requests, descriptor, source, entry);
            await upload.RunAsync(TakeLeft(descriptor), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Has the registry take a blob over from a repository, or from wherever it has it where it may be asked that.</summary>
    internal async ValueTask<bool> TryMountAsync(Descriptor descriptor, RemoteRepository? from, CancellationToken cancellationToken)
    {
        if (from is null && !MayMountAnonymously(descriptor))
        {
            return false;
        }

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
        await CancelOldAsync(descriptor).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Accepted && response.Headers.Location is not null)
        {
            _sessions[descriptor.Digest] = (_requests.Opened(post, response), transport.TimeProvider.GetUtcNow());
        }
        else if (from is null && IsRefused(response.StatusCode))
        {
            transport.Abilities.Miss(repository.Registry, RegistryAbility.AnonymousMounts);
        }

        // Every other answer leaves the ordinary upload, which reports what is wrong if it fails too.
        return response.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>Opens a session and gives it up, so that it is known whether an upload could begin.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        Descriptor descriptor = Descriptor.ForContent(MediaTypes.OctetStream, []);
        UploadSession session = await _requests.OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
        await _requests.CancelAsync(session, descriptor).ConfigureAwait(false);
    }

    internal static bool IsCreated(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.Created or HttpStatusCode.NoContent;

    private async Task WriteSmallAsync(Descriptor descriptor, byte[] bytes, CancellationToken cancellationToken)
    {
        UploadSession? session = TakeLeft(descriptor);
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
        catch (RegistryException e)
        {
            isOver = e.StatusCode is null;
            throw;
        }
        finally
        {
            if (!isOver)
            {
                await _requests.CancelAsync(session, descriptor).ConfigureAwait(false);
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

    private UploadSession? TakeLeft(Descriptor descriptor) =>
        _sessions.TryRemove(descriptor.Digest, out (UploadSession Session, DateTimeOffset OpenedAt) left) && IsFresh(left.OpenedAt) ? left.Session : null;

    private async Task CancelOldAsync(Descriptor descriptor)
    {
        foreach ((Digest digest, (UploadSession session, DateTimeOffset openedAt)) in _sessions)
        {
            if (!IsFresh(openedAt) && _sessions.TryRemove(digest, out _))
            {
                await _requests.CancelAsync(session, descriptor).ConfigureAwait(false);
            }
        }
    }

    private bool IsFresh(DateTimeOffset openedAt) => transport.TimeProvider.GetUtcNow() - openedAt < SessionAge;
}

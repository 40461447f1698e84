using System.Collections.Concurrent;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Sessions of mounts that were not possible, over the whole client: the upload that follows goes there instead of opening another, and those that none came for are cancelled.</summary>
internal sealed class LeftSessions(TimeProvider time)
{
    // Registries forget sessions, and whoever asks for a mount uploads at once.
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(RegistryAddress, RepositoryName, Digest), Left> _left = new();

    internal async Task KeepAsync(UploadRequests requests, Descriptor descriptor, UploadSession session)
    {
        Left left = new(requests, session, time.GetUtcNow());
        if (_left.TryRemove(KeyOf(requests.Repository, descriptor), out Left? before))
        {
            await before.CancelAsync().ConfigureAwait(false);
        }

        if (!_left.TryAdd(KeyOf(requests.Repository, descriptor), left))
        {
            await left.CancelAsync().ConfigureAwait(false);
        }
    }

    internal bool Has(RemoteRepository repository, Descriptor descriptor) => _left.ContainsKey(KeyOf(repository, descriptor));

    internal async Task<UploadSession?> TakeAsync(RemoteRepository repository, Descriptor descriptor)
    {
        if (!_left.TryRemove(KeyOf(repository, descriptor), out Left? left))
        {
            return null;
        }

        if (IsFresh(left))
        {
            return left.Session;
        }

        await left.CancelAsync().ConfigureAwait(false);
        return null;
    }

    internal Task CancelOldAsync() => CancelAsync(left => !IsFresh(left));

    internal Task CancelAllAsync() => CancelAsync(_ => true);

    private static (RegistryAddress, RepositoryName, Digest) KeyOf(RemoteRepository repository, Descriptor descriptor) => (repository.Registry, repository.Name, descriptor.Digest);

    private Task CancelAsync(Func<Left, bool> chosen) =>
        Task.WhenAll(_left.ToArray().Where(entry => chosen(entry.Value) && _left.TryRemove(entry)).Select(entry => entry.Value.CancelAsync()));

    private bool IsFresh(Left left) => time.GetUtcNow() - left.OpenedAt < Age;

    private sealed record Left(UploadRequests Requests, UploadSession Session, DateTimeOffset OpenedAt)
    {
        internal Task CancelAsync() => Requests.CancelAsync(Session);
    }
}

using System.Globalization;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Lets the manifests and tags of a repository change by one request at a time, in all processes that share the directory.</summary>
/// <remarks>
/// To delete a manifest is to look for its tags, to remove them and then it; to push one is to look whether its tag is there, and to write it. What another request did in between would leave a
/// tag without a manifest, remove a tag that was moved elsewhere, or move one for somebody who may only make them. The files are few and stay: repositories share them.
/// </remarks>
internal sealed class NameLocks(string path, DiskWriter disk)
{
    private const int Count = 64;

    // One request of a process waits for the file; the others wait here, in the order in which they came.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    /// <returns>Lets the next request in when disposed.</returns>
    internal async Task<IDisposable> EnterAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        int slot = SlotOf(repository);
        await _gates[slot].WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            disk.CreateFolder(path);
            return new Visit(_gates[slot], await FolderLock.EnterAsync(PathOf(slot), cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            _gates[slot].Release();
            throw;
        }
    }

    private string PathOf(int slot) => Path.Combine(path, slot.ToString("d2", CultureInfo.InvariantCulture));

    // The hash of a string differs from process to process.
    private static int SlotOf(RepositoryName repository) => Encoding.UTF8.GetBytes(repository.Value).Aggregate(17, (hash, one) => ((hash * 31) + one) & 0xFFFFFF) % Count;

    private sealed class Visit(SemaphoreSlim gate, FolderLock folder) : IDisposable
    {
        public void Dispose()
        {
            folder.Dispose();
            gate.Release();
        }
    }
}

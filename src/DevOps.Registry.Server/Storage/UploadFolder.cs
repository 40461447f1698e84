using System.Collections.Concurrent;
using System.Security.Cryptography;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Uploads that are not complete yet, each a file and the name of its repository.</summary>
internal sealed class UploadFolder(string path)
{
    private readonly ConcurrentDictionary<string, bool> _busy = new(StringComparer.Ordinal);

    /// <summary>Takes an upload for one request. Two that wrote at once would mix their bytes, and one could go on writing into what the other completed.</summary>
    /// <returns>Gives the upload back when disposed; <see langword="null"/> if another request has it.</returns>
    internal IDisposable? TryEnter(string id) => _busy.TryAdd(id, true) ? new Visit(this, id) : null;

    internal Upload Create(RepositoryName repository)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string folder = Path.Combine(path, id);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "repository"), repository.Value);
        File.Create(Path.Combine(folder, "data")).Dispose();
        return new(id, folder);
    }

    /// <summary>Returns an upload, if it is one of this repository.</summary>
    internal Upload? Find(RepositoryName repository, string id)
    {
        // The id goes into a path: only what Create makes is let through.
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        string folder = Path.Combine(path, id);
        string owner = Path.Combine(folder, "repository");
        return File.Exists(owner) && File.ReadAllText(owner) == repository.Value ? new(id, folder) : null;
    }

    private sealed class Visit(UploadFolder uploads, string id) : IDisposable
    {
        public void Dispose() => uploads._busy.TryRemove(id, out _);
    }
}

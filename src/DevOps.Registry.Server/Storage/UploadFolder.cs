using System.Security.Cryptography;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>Uploads that are not complete yet, each a file and the name of its repository.</summary>
internal sealed class UploadFolder(string path)
{
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
}

using System.Security.Cryptography;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A folder in which uploads are noted while they go on, so that another process can go on with them: the session at the registry, and how far it came.</summary>
/// <remarks>
/// Safe for several processes: an upload that another one has is not taken from it, but begun anew without a note. An address of a session may hold a secret of the registry, so the folder and its files are its owner's alone
/// (on Windows they have the rights of the folder above). A note goes away with its upload; small empty files for locking stay, 4096 at most.
/// </remarks>
public sealed class UploadJournal
{
    /// <summary>Creates the access to a journal. Nothing is read or made yet.</summary>
    /// <param name="directory">The folder; made at the first upload.</param>
    public UploadJournal(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Path = System.IO.Path.GetFullPath(directory);
    }

    /// <summary>Gets the journal's folder.</summary>
    public string Path { get; }

    /// <summary>Opens the note of an upload, if no one else has it.</summary>
    internal UploadJournalEntry? TryOpen(RegistryAddress registry, RepositoryName repository, Descriptor descriptor)
    {
        MakeFolder();
        string upload = $"{registry}\n{repository}\n{descriptor.Digest}\n{descriptor.SizeBytes}";
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(upload)));

        // Lock files cannot be removed without letting two hold one, so they are shared; two uploads that meet at one by chance are both right.
        FileStream? hold = LayoutLock.TryEnterFile(System.IO.Path.Combine(Path, key[..3] + ".lock"));
        return hold is null ? null : new(System.IO.Path.Combine(Path, key + ".json"), upload, hold);
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else if (!Directory.Exists(Path))
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevOps.Archives;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Stores and erases credentials as <c>docker login</c> and <c>docker logout</c> do: with the helper that the file names for the registry, and in the file where it names none.</summary>
/// <remarks>
/// A change keeps everything else in the file, the order of its members and its indentation. The file is replaced as a whole, with permissions for its owner only; a symbolic link stays one.
/// A file beside it, with <c>.lock</c> at the end of its name, keeps several writers of this kind apart, and stays. Docker and Podman do not take part in that.
/// </remarks>
public sealed class CredentialFileWriter
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly ImmutableArray<string> SecretMembers = ["auth", "identitytoken", "registrytoken", "username", "password"];

    private readonly CredentialFile _file;
    private readonly CredentialHelperOptions _helpers;

    /// <summary>Names a file. Nothing is read yet.</summary>
    /// <param name="file">The file; it and its directory need not exist.</param>
    /// <param name="helpers">How the helpers that it names are run.</param>
    /// <exception cref="ArgumentException">The file is a <c>.dockercfg</c>, which nothing writes any more.</exception>
    public CredentialFileWriter(CredentialFile file, CredentialHelperOptions helpers)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(helpers);
        (_file, _helpers) = file.Format == CredentialFileFormat.LegacyDocker
            ? throw new ArgumentException("A .dockercfg is only read. Store the credential in Docker's config.json.", nameof(file))
            : (file, helpers);
    }

    /// <summary>Keeps a credential, in place of another. Whether the registry takes it is not asked: <see cref="RegistryClient.CheckCredentialAsync"/> does that.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Where it is kept: the helper's program, or the file's path. In a file it is not encrypted.</returns>
    /// <exception cref="ArgumentException">The credential is a registry token, and the file names a helper, which keeps none.</exception>
    /// <exception cref="CredentialHelperException">The helper is missing, or failed.</exception>
    /// <exception cref="CredentialFileException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read or written; it was not changed. What a helper was given before, it has.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be read or written.</exception>
    public async Task<string> StoreAsync(RegistryAddress registry, Credential credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(credential);
        string key = CredentialKeys.Servers(registry, _file.Format)[0];
        if ((await FindHelpersAsync(registry, cancellationToken).ConfigureAwait(false)).FirstOrDefault() is not { } helper)
        {
            await ChangeAsync(root => Put(root, key, credential), cancellationToken).ConfigureAwait(false);
            return _file.Path;
        }

        await helper.StoreAsync(key, credential, cancellationToken).ConfigureAwait(false);
        if (_file.Format == CredentialFileFormat.DockerConfig)
        {
            // Docker notes so which registries the helper knows. A secret from before the helper goes.
            await ChangeAsync(root => Put(root, key, null), cancellationToken).ConfigureAwait(false);
        }

        return helper.Program;
    }

    /// <summary>Forgets the credential of a registry, under all of the registry's names. Keys of namespaces stay.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Where it was erased: the file's path, the programs of helpers that did not say that they had none. Empty if there was nothing.</returns>
    /// <exception cref="CredentialHelperException">A helper is missing, or failed; the file has been changed.</exception>
    /// <exception cref="CredentialFileException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read or written; it was not changed. What a helper was given before, it has.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be read or written.</exception>
    public async Task<ImmutableArray<string>> EraseAsync(RegistryAddress registry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        List<string> places = [];
        ImmutableArray<CredentialHelper> helpers = await FindHelpersAsync(registry, cancellationToken).ConfigureAwait(false);
        if (File.Exists(_file.Path) && await ChangeAsync(root => Remove(root, registry), cancellationToken).ConfigureAwait(false))
        {
            places.Add(_file.Path);
        }

        foreach (CredentialHelper helper in helpers)
        {
            bool erased = false;
            foreach (string server in CredentialKeys.Servers(registry, _file.Format))
            {
                erased |= await helper.EraseAsync(server, cancellationToken).ConfigureAwait(false);
            }

            if (erased)
            {
                places.Add(helper.Program);
            }
        }

        return [.. places];
    }

    private async Task<ImmutableArray<CredentialHelper>> FindHelpersAsync(RegistryAddress registry, CancellationToken cancellationToken)
    {
        byte[] bytes = await ReadAsync(_file.Path, cancellationToken).ConfigureAwait(false);
        using CredentialConfig config = CredentialConfig.TryParse(bytes, _file.Format, out string? problem) ?? throw new CredentialFileException(_file.Path, problem!);
        return [.. config.HelpersFor(registry).Select(name => CredentialHelper.IsName(name)
            ? new CredentialHelper(name, _helpers)
            : throw new CredentialFileException(_file.Path, "names a credential helper that is no name of a program"))];
    }

    private async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await CredentialFileText.TryReadAsync(path, cancellationToken).ConfigureAwait(false)
                ?? throw new CredentialFileException(_file.Path, $"is longer than {CredentialFileText.MaxLengthBytes} bytes");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private async Task<bool> ChangeAsync(Func<JsonObject, bool> change, CancellationToken cancellationToken)
    {
        string target = Target();
        MakeDirectory(Path.GetDirectoryName(target)!);
        FileStream entered = await LayoutLock.EnterFileAsync(target + ".lock", LockOptions(), cancellationToken).ConfigureAwait(false);
        await using (entered.ConfigureAwait(false))
        {
            byte[] bytes = await ReadAsync(target, cancellationToken).ConfigureAwait(false);
            byte[]? changed = Changed(bytes, change);
            if (changed is null)
            {
                return false;
            }

            AtomicFile file = AtomicFile.Create(target, OwnerOnly);
            await using (file.ConfigureAwait(false))
            {
                await file.Content.WriteAsync(changed, cancellationToken).ConfigureAwait(false);
                file.Content.Flush(flushToDisk: true);
                file.Commit();
            }

            return true;
        }
    }

    private byte[]? Changed(byte[] bytes, Func<JsonObject, bool> change)
    {
        try
        {
            bool isEmpty = bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0;
            JsonNode? root = isEmpty ? new JsonObject() : JsonNode.Parse(JsonText.WithoutMark(bytes).Span, null, new() { AllowDuplicateProperties = false });
            return root is not JsonObject json ? throw new CredentialFileException(_file.Path, "is JSON, but no object")
                : change(json) ? JsonStyle.Of(bytes).Write(json)
                : null;
        }
        catch (JsonException e)
        {
            throw new CredentialFileException(_file.Path, $"is not JSON, or has a member twice (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            throw new CredentialFileException(_file.Path, "has an escape in it that is no character");
        }
    }

    private bool Put(JsonObject root, string key, Credential? credential)
    {
        JsonObject entries = Child(root, "auths");
        JsonObject entry = Child(entries, key);
        foreach (string member in SecretMembers)
        {
            entry.Remove(member);
        }

        if (credential is { UserName: { } user, Password: { } password })
        {
            entry["auth"] = CredentialEntry.AuthOf(user, password);
        }
        else if (credential is not null)
        {
            entry[credential.IdentityToken is null ? "registrytoken" : "identitytoken"] = credential.IdentityToken ?? credential.RegistryToken;
        }

        return true;
    }

    private static bool Remove(JsonObject root, RegistryAddress registry)
    {
        if (root["auths"] is not JsonObject entries)
        {
            return false;
        }

        // By Podman's rule for both, for it finds fewer: a key with a path and no scheme may be another program's namespace.
        string[] keys = [.. entries.Select(entry => entry.Key).Where(key => CredentialKeys.IsOf(key, registry, CredentialFileFormat.ContainersAuth))];
        foreach (string key in keys)
        {
            entries.Remove(key);
        }

        return keys.Length > 0;
    }

    private JsonObject Child(JsonObject parent, string name)
    {
        JsonNode? child = parent[name];
        if (child is null)
        {
            parent[name] = child = new JsonObject();
        }

        return child as JsonObject ?? throw new CredentialFileException(_file.Path, $"has no object where '{name}' should be one");
    }

    private string Target()
    {
        FileInfo file = new(Path.GetFullPath(_file.Path));
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions LockOptions()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}

using System.Collections.Immutable;
using System.Text;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Finds the credentials that <c>docker login</c>, <c>podman login</c> and their kin stored, in files and behind credential helpers.</summary>
/// <remarks>
/// <para>In each file the registry's own helper (<c>credHelpers</c>) comes first, then the helper of all (<c>credsStore</c>), then the entries (<c>auths</c>). A key that names a namespace or a repository
/// comes before one that names the registry, the longest first. What is missing, damaged or refused is passed over, and the search says so: a registry may serve anonymously.
/// Unlike Docker, a helper that is missing or holds nothing does not hide an entry in the file.</para>
/// <para>Files are read at each search, no more than 1 MiB of each; <see cref="RegistryClient"/> searches once per repository until a credential is refused.</para>
/// </remarks>
public sealed class CredentialFiles : IExplainedCredentialSource
{
    private readonly CredentialFilesOptions _options;

    /// <summary>Creates a source. Nothing is read yet.</summary>
    /// <param name="options">Where to look, most often <see cref="CredentialFilesOptions.FromEnvironment"/>.</param>
    public CredentialFiles(CredentialFilesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    public async ValueTask<Credential?> FindAsync(RegistryAddress registry, CancellationToken cancellationToken = default) =>
        (await SearchAsync(registry, null, cancellationToken).ConfigureAwait(false)).Credential;

    /// <inheritdoc/>
    public async ValueTask<CredentialSearch> SearchAsync(RegistryAddress registry, RepositoryName? repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ImmutableArray<CredentialAttempt>.Builder attempts = ImmutableArray.CreateBuilder<CredentialAttempt>();
        if (_options.InlineConfig is { } text)
        {
            Credential? credential = text.Length > CredentialFileText.MaxLengthBytes
                ? Failed(attempts, CredentialFilesOptions.InlineVariable, TooLong)
                : await SearchAsync(CredentialFilesOptions.InlineVariable, Encoding.UTF8.GetBytes(text), CredentialFileFormat.DockerConfig, registry, repository, attempts, cancellationToken).ConfigureAwait(false);
            if (credential is not null)
            {
                return new(credential, attempts.ToImmutable());
            }
        }

        foreach (CredentialFile file in _options.Files)
        {
            if (await ReadAsync(file.Path, attempts, cancellationToken).ConfigureAwait(false) is { } bytes
                && await SearchAsync(file.Path, bytes, file.Format, registry, repository, attempts, cancellationToken).ConfigureAwait(false) is { } credential)
            {
                return new(credential, attempts.ToImmutable());
            }
        }

        return new(null, attempts.ToImmutable());
    }

    private static string TooLong => $"is longer than {CredentialFileText.MaxLengthBytes} bytes";

    private static async Task<byte[]?> ReadAsync(string path, ImmutableArray<CredentialAttempt>.Builder attempts, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? bytes = await CredentialFileText.TryReadAsync(path, cancellationToken).ConfigureAwait(false);
            if (bytes is null)
            {
                Failed(attempts, path, TooLong);
            }

            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            attempts.Add(new(path, null, CredentialOutcome.NotFound, "does not exist"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed(attempts, path, "cannot be read: " + e.Message.TrimEnd('.'));
        }

        return null;
    }

    private async Task<Credential?> SearchAsync(
        string place, byte[] bytes, CredentialFileFormat format, RegistryAddress registry, RepositoryName? repository, ImmutableArray<CredentialAttempt>.Builder attempts, CancellationToken cancellationToken)
    {
        using CredentialConfig? config = CredentialConfig.TryParse(bytes, format, out string? problem);
        if (config is null)
        {
            return Failed(attempts, place, problem!);
        }

        int before = attempts.Count;
        foreach (string helper in config.HelpersFor(registry))
        {
            if (await AskAsync(place, helper, CredentialKeys.Servers(registry, format), attempts, cancellationToken).ConfigureAwait(false) is { } kept)
            {
                return kept;
            }
        }

        foreach (string key in CredentialKeys.Matching(config.Entries.Keys, registry, repository, format))
        {
            Credential? credential = CredentialEntry.Read(config.Entries[key], out string? wrong);
            attempts.Add(credential is not null ? Found(place, key, credential)
                : new(place, CredentialKeys.Shown(key), wrong is null ? CredentialOutcome.NotFound : CredentialOutcome.Failed, wrong ?? "the entry holds no credential"));
            if (credential is not null)
            {
                return credential;
            }
        }

        if (attempts.Count == before)
        {
            attempts.Add(new(place, registry.ToString(), CredentialOutcome.NotFound, "no entry for it"));
        }

        return null;
    }

    private async Task<Credential?> AskAsync(string place, string name, ImmutableArray<string> servers, ImmutableArray<CredentialAttempt>.Builder attempts, CancellationToken cancellationToken)
    {
        if (!CredentialHelper.IsName(name))
        {
            return Failed(attempts, place, "names a credential helper that is no name of a program");
        }

        CredentialHelper helper = new(name, _options.Helpers);
        string program = $"{helper.Program}, named in {place}";
        foreach (string server in servers)
        {
            try
            {
                Credential? credential = await helper.GetAsync(server, cancellationToken).ConfigureAwait(false);
                attempts.Add(credential is null ? new(program, server, CredentialOutcome.NotFound, "none there") : Found(program, server, credential));
                if (credential is not null)
                {
                    return credential;
                }
            }
            catch (CredentialHelperException e)
            {
                // Asking it for another name of the same registry would fail in the same way, after the same time.
                attempts.Add(new(program, server, CredentialOutcome.Failed, e.Reason));
                return null;
            }
        }

        return null;
    }

    private static CredentialAttempt Found(string place, string key, Credential credential) => new(place, CredentialKeys.Shown(key), CredentialOutcome.Found, $"found a {credential.Kind}");

    private static Credential? Failed(ImmutableArray<CredentialAttempt>.Builder attempts, string place, string reason)
    {
        attempts.Add(new(place, null, CredentialOutcome.Failed, reason));
        return null;
    }
}

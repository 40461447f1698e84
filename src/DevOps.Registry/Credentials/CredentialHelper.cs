using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevOps.Credentials;

namespace DevOps.Registry;

/// <summary>A program that keeps credentials: <c>docker-credential-NAME</c> with the actions <c>get</c>, <c>store</c>, <c>erase</c> and <c>list</c>.</summary>
/// <remarks>
/// Secrets go through pipes, never along a command line. Each call starts the program once, without a shell.
/// Source: the docker-credential-helpers project, "Development" and <c>credentials.Serve</c>.
/// </remarks>
public sealed class CredentialHelper
{
    private const string TokenUser = "<token>";
    private const int MaxNameLength = 128;

    // What the helpers' common code writes to the standard output, whatever keeps the secrets. Any other text may hold one.
    private const string NotFound = "credentials not found in native keychain";
    private static readonly ImmutableArray<string> KnownErrors = ["no credentials server URL", "no credentials username", NotFound];

    private readonly CredentialHelperOptions _options;

    /// <summary>Names a helper; nothing is run yet.</summary>
    /// <param name="name">The name after <c>docker-credential-</c>, as <c>pass</c>.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="ArgumentException">The name has other characters than ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, or is too long.</exception>
    public CredentialHelper(string name, CredentialHelperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Name, _options) = (IsName(name) ? name : throw new ArgumentException("The name of a credential helper has ASCII letters, digits, '-', '_' and '.' only, as 'pass' for docker-credential-pass.", nameof(name)), options);
    }

    /// <summary>Gets the name, as <c>pass</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the program, as <c>docker-credential-pass</c>.</summary>
    public string Program => "docker-credential-" + Name;

    internal static bool IsName(string? name) => name is { Length: > 0 and <= MaxNameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Returns what is kept for a server, or <see langword="null"/> if nothing is.</summary>
    /// <param name="serverUrl">The server, exactly as it was stored: <c>ghcr.io</c>, or <c>https://index.docker.io/v1/</c>.</param>
    /// <param name="cancellationToken">Ends the helper.</param>
    /// <exception cref="CredentialHelperException">The helper is missing, failed, or answered in a way that cannot be used.</exception>
    public async Task<Credential?> GetAsync(string serverUrl, CancellationToken cancellationToken = default)
    {
        if (await RunAsync("get", ServerInput(serverUrl), cancellationToken).ConfigureAwait(false) is not { } output)
        {
            return null;
        }

        JsonDocument? document = JsonText.TryParse(output);
        using (document)
        {
            return document?.RootElement is not { ValueKind: JsonValueKind.Object } json || JsonText.Member(json, "Username") is not { } user || JsonText.Member(json, "Secret") is not { } secret
                ? throw Unusable("get", "wrote something that is not a credential")
                : CredentialOf(user, secret);
        }
    }

    /// <summary>Keeps a credential for a server, in place of another.</summary>
    /// <param name="serverUrl">The server.</param>
    /// <param name="credential">A name and password, or an identity token.</param>
    /// <param name="cancellationToken">Ends the helper; whether it stored the credential is then not known.</param>
    /// <exception cref="ArgumentException">The credential is a registry token, which helpers do not keep.</exception>
    /// <exception cref="CredentialHelperException">The helper is missing, or failed.</exception>
    public async Task StoreAsync(string serverUrl, Credential credential, CancellationToken cancellationToken = default)
    {
        _ = ServerInput(serverUrl);
        ArgumentNullException.ThrowIfNull(credential);
        if (credential.RegistryToken is not null)
        {
            throw new ArgumentException("Credential helpers keep names with passwords, and identity tokens; not registry tokens.", nameof(credential));
        }

        JsonObject request = new() { ["ServerURL"] = serverUrl, ["Username"] = credential.UserName ?? TokenUser, ["Secret"] = credential.Password ?? credential.IdentityToken };
        byte[] input = JsonText.Write(request, default);
        if (await RunAsync("store", input, cancellationToken).ConfigureAwait(false) is null)
        {
            throw Unusable("store", $"answered '{NotFound}'");
        }
    }

    /// <summary>Forgets what is kept for a server; nothing may be kept.</summary>
    /// <param name="serverUrl">The server, exactly as it was stored.</param>
    /// <param name="cancellationToken">Ends the helper.</param>
    /// <returns><see langword="false"/> if the helper said that it kept nothing; many do not say so.</returns>
    /// <exception cref="CredentialHelperException">The helper is missing, or failed.</exception>
    public async Task<bool> EraseAsync(string serverUrl, CancellationToken cancellationToken = default) =>
        await RunAsync("erase", ServerInput(serverUrl), cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Returns the servers that credentials are kept for, each with the user's name.</summary>
    /// <param name="cancellationToken">Ends the helper.</param>
    /// <exception cref="CredentialHelperException">The helper is missing, failed, or answered in a way that cannot be used.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken = default)
    {
        if (await RunAsync("list", ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false) is not { } output)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        JsonDocument? document = JsonText.TryParse(output);
        using (document)
        {
            if (document?.RootElement is not { ValueKind: JsonValueKind.Object } json)
            {
                throw Unusable("list", "wrote something that is not a list of servers");
            }

            SortedDictionary<string, string> servers = new(StringComparer.Ordinal);
            foreach ((string server, JsonElement user) in JsonText.Members(json))
            {
                servers[server] = JsonText.Text(user) ?? throw Unusable("list", "wrote something that is not a list of servers");
            }

            return servers;
        }
    }

    private static byte[] ServerInput(string serverUrl)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverUrl);
        return serverUrl.Any(char.IsControl) ? throw new ArgumentException("A server has no control characters in it: helpers read one line.", nameof(serverUrl)) : Encoding.UTF8.GetBytes(serverUrl);
    }

    private Credential? CredentialOf(string user, string secret)
    {
        if (user.Length == 0 && secret.Length == 0)
        {
            return null;
        }

        if (user.Length == 0 || secret.Length == 0 || user.Contains(':', StringComparison.Ordinal))
        {
            throw Unusable("get", user.Length == 0 ? "wrote a secret without a user's name" : secret.Length == 0 ? "wrote a user's name without a secret" : "wrote a user's name with a colon, which no registry can be told");
        }

        return user == TokenUser ? Credential.FromIdentityToken(secret) : Credential.FromPassword(user, secret);
    }

    /// <summary>Returns the output, or <see langword="null"/> if the helper said that it keeps nothing.</summary>
    private async Task<byte[]?> RunAsync(string action, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        (int exitCode, byte[] output) = await HelperProcess.RunAsync(Program, action, input, _options, cancellationToken).ConfigureAwait(false);
        if (exitCode == 0)
        {
            return output;
        }

        string text = Encoding.UTF8.GetString(output).Trim();
        return text == NotFound ? null : throw new CredentialHelperException(
            Program, action,
            KnownErrors.Contains(text) ? $"ended with exit code {exitCode}: {text}" : $"ended with exit code {exitCode}",
            "What it wrote is not shown, for it can hold a secret: run it by hand to see it.", exitCode);
    }

    private CredentialHelperException Unusable(string action, string reason) => new(Program, action, reason, "What it wrote is not shown, for it can hold a secret: run it by hand to see it.", 0);
}

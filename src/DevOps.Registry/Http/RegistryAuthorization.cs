using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Proves to registries who asks. Remembers how each wants it, and each token until shortly before it ends.</summary>
internal sealed class RegistryAuthorization(HttpClient http, ICredentialSource? credentials, TimeProvider time)
{
    private readonly ConcurrentDictionary<RegistryAddress, Challenge> _challenges = new();
    private readonly ConcurrentDictionary<(RegistryAddress Registry, string Scopes), BearerToken> _tokens = new();
    private readonly TokenService _tokenService = new(http, time);

    /// <summary>Returns what a request should carry, as far as it is known without asking: bodies that cannot be sent twice want it right the first time.</summary>
    internal async ValueTask<AuthenticationHeaderValue?> FindAsync(RegistryRequest request, Uri root, CancellationToken cancellationToken) =>
        _challenges.TryGetValue(request.Registry, out Challenge? challenge)
            ? await HeaderAsync(request, root, challenge, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Returns what a request should carry after a 401, or <see langword="null"/> if there is nothing better than what was sent.</summary>
    internal async ValueTask<AuthenticationHeaderValue?> AnswerAsync(
        RegistryRequest request, Uri root, HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        ImmutableArray<Challenge> offered = response.Headers.TryGetValues("WWW-Authenticate", out IEnumerable<string>? headers) ? [.. headers.SelectMany(header => Challenge.Parse(header))] : [];
        Challenge? challenge = offered.FirstOrDefault(c => Is(c, "Bearer") && c.Parameters.ContainsKey("realm")) ?? offered.FirstOrDefault(c => Is(c, "Basic"));
        if (challenge is null)
        {
            return null;
        }

        _challenges[request.Registry] = challenge;
        if (sent is not null)
        {
            _tokens.TryRemove((request.Registry, KeyOf(request)), out _);
        }

        AuthenticationHeaderValue? fresh = await HeaderAsync(request, root, challenge, cancellationToken).ConfigureAwait(false);
        return fresh is null || fresh.Equals(sent) ? null : fresh;
    }

    private async ValueTask<AuthenticationHeaderValue?> HeaderAsync(RegistryRequest request, Uri root, Challenge challenge, CancellationToken cancellationToken)
    {
        Credential? credential = credentials is null ? null : await credentials.FindAsync(request.Registry, cancellationToken).ConfigureAwait(false);
        if (credential?.RegistryToken is { } registryToken)
        {
            return new("Bearer", registryToken);
        }

        if (Is(challenge, "Basic"))
        {
            return credential is { UserName: { } user, Password: { } password } ? BasicHeader(user, password) : null;
        }

        (RegistryAddress, string) key = (request.Registry, KeyOf(request));
        if (!_tokens.TryGetValue(key, out BearerToken? token) || token.EndsBefore(time.GetUtcNow()))
        {
            token = await _tokenService.GetAsync(request, root, challenge, credential, cancellationToken).ConfigureAwait(false);
            _tokens[key] = token;
        }

        return new("Bearer", token.Value);
    }

    internal static AuthenticationHeaderValue BasicHeader(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static bool Is(Challenge challenge, string scheme) => challenge.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    private static string KeyOf(RegistryRequest request) => string.Join(' ', request.Scopes);
}

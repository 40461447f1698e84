using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Proves to registries who asks. Remembers how each wants it, and each token until shortly before it ends.</summary>
internal sealed class RegistryAuthorization(RegistryConnections connections, ICredentialSource? credentials, HostPauses pauses, TimeProvider time)
{
    private static readonly CredentialSearch NoSearch = new(null, []);

    private static readonly HttpRequestOptionsKey<CredentialSearch> SearchKey = new("DevOps.Registry.CredentialSearch");

    private readonly ConcurrentDictionary<RegistryAddress, Challenge> _challenges = new();
    private readonly ConcurrentDictionary<(RegistryAddress Registry, RepositoryName? Repository), CredentialSearch> _searches = new();
    private readonly TokenCache _tokens = new(time);
    private readonly TokenService _tokenService = new(connections, pauses, time);

    /// <summary>Returns what a request should carry, as far as it is known without asking: bodies that cannot be sent twice want it right the first time.</summary>
    internal async ValueTask<AuthenticationHeaderValue?> FindAsync(RegistryRequest request, Uri root, CancellationToken cancellationToken)
    {
        if (!_challenges.TryGetValue(request.Registry, out Challenge? challenge))
        {
            return null;
        }

        // The challenge was for another request, and so is what it asked for, unless that is a word that only the registry understands.
        ImmutableArray<string> scopes = TokenScopes.Merge(request.Scopes.Concat(ScopesOf(challenge).Where(TokenScopes.IsOpaque)));
        return await HeaderAsync(request, root, challenge, scopes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns what a request should carry after a 401, or <see langword="null"/> if there is nothing better than what was sent.</summary>
    internal async ValueTask<AuthenticationHeaderValue?> AnswerAsync(
        RegistryRequest request, Uri root, HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        ImmutableArray<Challenge> offered = Read(response) ?? await AskAsync(root, cancellationToken).ConfigureAwait(false);
        Challenge? challenge = offered.FirstOrDefault(c => Is(c, "Bearer") && c.Parameters.ContainsKey("realm")) ?? offered.FirstOrDefault(c => Is(c, "Basic"));
        if (challenge is null)
        {
            return null;
        }

        _challenges[request.Registry] = challenge;
        if (sent is not null)
        {
            // What is kept may have been changed by a login since.
            _tokens.Forget(sent.Parameter);
            _searches.TryRemove((request.Registry, request.Repository), out _);
        }

        AuthenticationHeaderValue? fresh = await HeaderAsync(request, root, challenge, TokenScopes.Merge(request.Scopes.Concat(ScopesOf(challenge))), cancellationToken).ConfigureAwait(false);
        return fresh is null || fresh.Equals(sent) ? null : fresh;
    }

    private async ValueTask<AuthenticationHeaderValue?> HeaderAsync(RegistryRequest request, Uri root, Challenge challenge, ImmutableArray<string> scopes, CancellationToken cancellationToken)
    {
        CredentialSearch search = await SearchAsync(request, cancellationToken).ConfigureAwait(false);
        if (search.Credential?.RegistryToken is { } registryToken)
        {
            return new("Bearer", registryToken);
        }

        if (Is(challenge, "Basic"))
        {
            return search.Credential is { UserName: { } user, Password: { } password } ? BasicHeader(user, password) : null;
        }

        try
        {
            BearerToken token = await _tokens.GetAsync(
                new(request.Registry, challenge, search.Credential, scopes),
                () => _tokenService.GetAsync(request, root, challenge, scopes, search, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            return new("Bearer", token.Value);
        }
        catch (Exception e) when (e is RegistryException or HttpRequestException)
        {
            // It may have been asked for by mistake: the next request goes without, and is told anew what is wanted.
            _challenges.TryRemove(new(request.Registry, challenge));
            throw;
        }
    }

    // Some registries refuse without saying what they want; the root of their API says it.
    private async Task<ImmutableArray<Challenge>> AskAsync(Uri root, CancellationToken cancellationToken)
    {
        Uri ping = new(root, "/v2/");
        using HttpRequestMessage message = new(HttpMethod.Get, ping);
        await pauses.WaitAsync(ping, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource limit = new(connections.NoProgressTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using HttpResponseMessage response = await connections.For(root, ping).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
        pauses.Note(ping, response);
        return response.StatusCode == HttpStatusCode.Unauthorized ? Read(response) ?? [] : [];
    }

    private static ImmutableArray<Challenge>? Read(HttpResponseMessage response) =>
        response.Headers.TryGetValues("WWW-Authenticate", out IEnumerable<string>? headers) ? [.. headers.SelectMany(header => Challenge.Parse(header))] : null;

    private static string[] ScopesOf(Challenge challenge) =>
        challenge.Parameters.TryGetValue("scope", out string? scope) ? scope.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Notes at an answer that refuses where its credentials were looked for, so that the error can say so.</summary>
    internal void Explain(RegistryRequest request, HttpResponseMessage response)
    {
        if (response is { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, RequestMessage: { } sent }
            && (credentials is null ? NoSearch : _searches.GetValueOrDefault((request.Registry, request.Repository))) is { } search)
        {
            sent.Options.Set(SearchKey, search);
        }
    }

    internal static CredentialSearch? SearchOf(HttpResponseMessage response) =>
        response.RequestMessage is { } sent && sent.Options.TryGetValue(SearchKey, out CredentialSearch? search) ? search : null;

    // A search can start a program, so a credential is looked for once until it is refused; none is looked for again, for it may come.
    private async ValueTask<CredentialSearch> SearchAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        if (credentials is null)
        {
            return NoSearch;
        }

        (RegistryAddress, RepositoryName?) key = (request.Registry, request.Repository);
        if (!_searches.TryGetValue(key, out CredentialSearch? search) || search.Credential is null)
        {
            search = await credentials.SearchAsync(request.Registry, request.Repository, cancellationToken).ConfigureAwait(false);
            _searches[key] = search;
        }

        return search;
    }

    internal static AuthenticationHeaderValue BasicHeader(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    private static bool Is(Challenge challenge, string scheme) => challenge.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);
}

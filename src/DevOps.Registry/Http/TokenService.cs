using System.Net;
using System.Text.Json;
using DevOps.Credentials;

namespace DevOps.Registry;

/// <summary>Gets bearer tokens from the service that a registry names.</summary>
/// <remarks>Source: the distribution project's "Token Authentication Specification" and "OAuth2 Token Authentication".</remarks>
internal sealed class TokenService(RegistryConnections connections, TimeProvider time)
{
    private const int MaxAnswerBytes = 1 << 16;

    internal async Task<BearerToken> GetAsync(RegistryRequest request, Uri root, Challenge challenge, CredentialSearch? search, CancellationToken cancellationToken)
    {
        Credential? credential = search?.Credential;
        Uri realm = CheckRealm(request, root, challenge.Parameters["realm"]);
        using HttpRequestMessage message = credential?.IdentityToken is { } identity ? PostRequest(realm, request, challenge, identity) : GetRequest(realm, request, challenge, credential);
        using CancellationTokenSource limit = new(connections.NoProgressTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using HttpResponseMessage response = await connections.For(root, realm).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new RegistryException(
                request.Operation, request.Registry.ToString(),
                $"its token service at {realm.Host} answered {(int)response.StatusCode} for '{string.Join(' ', request.Scopes)}'",
                credential is null ? "Give credentials for this registry." : "Check the credentials that were given for this registry.",
                response.StatusCode,
                credentialSearch: response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? search : null);
        }

        byte[] body = await BoundedBody.TryReadAsync(request, response, MaxAnswerBytes, either.Token).ConfigureAwait(false)
            ?? throw Unusable(request, realm, "its answer is too long");
        try
        {
            return Read(body) ?? throw Unusable(request, realm, "its answer holds no token");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unusable(request, realm, "its answer is not JSON", e);
        }
    }

    /// <summary>A registry may name any service, so credentials would follow it anywhere: they go over TLS, or back to the registry itself.</summary>
    private static Uri CheckRealm(RegistryRequest request, Uri root, string text)
    {
        bool usable = Uri.TryCreate(text, UriKind.Absolute, out Uri? realm) && realm.UserInfo.Length == 0
            && (realm.Scheme == Uri.UriSchemeHttps || (realm.Scheme == Uri.UriSchemeHttp && root.Scheme == Uri.UriSchemeHttp && realm.IdnHost == root.IdnHost));
        return usable ? realm! : throw new RegistryException(
            request.Operation, request.Registry.ToString(), "it names a token service that is neither reached by TLS nor the registry itself", "Nothing was sent there. Report this to the operator of the registry.");
    }

    private static HttpRequestMessage GetRequest(Uri realm, RegistryRequest request, Challenge challenge, Credential? credential)
    {
        List<string> query = realm.Query.Length > 1 ? [realm.Query[1..]] : [];
        if (challenge.Parameters.TryGetValue("service", out string? service))
        {
            query.Add("service=" + Uri.EscapeDataString(service));
        }

        query.AddRange(Scopes(request, challenge).Select(scope => "scope=" + Uri.EscapeDataString(scope)));
        HttpRequestMessage message = new(HttpMethod.Get, new UriBuilder(realm) { Query = string.Join('&', query) }.Uri);
        if (credential is { UserName: { } user, Password: { } password })
        {
            message.Headers.Authorization = RegistryAuthorization.BasicHeader(user, password);
        }

        return message;
    }

    private static HttpRequestMessage PostRequest(Uri realm, RegistryRequest request, Challenge challenge, string identityToken) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("service", challenge.Parameters.GetValueOrDefault("service", "")),
            new("client_id", "DevOps.Registry"),
            new("scope", string.Join(' ', Scopes(request, challenge))),
            new("refresh_token", identityToken),
        ]),
    };

    // What the request needs comes first: some services read only that. What the registry asked for is sent along where it is something else.
    private static IEnumerable<string> Scopes(RegistryRequest request, Challenge challenge) =>
        challenge.Parameters.TryGetValue("scope", out string? asked) && !asked.StartsWith("repository:", StringComparison.Ordinal)
            ? request.Scopes.Concat(asked.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct()
            : request.Scopes;

    private BearerToken? Read(byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object || (Text(json, "token") ?? Text(json, "access_token")) is not { Length: > 0 } value)
        {
            return null;
        }

        long seconds = json.TryGetProperty("expires_in", out JsonElement lifetime) && lifetime.ValueKind == JsonValueKind.Number && lifetime.TryGetInt64(out long stated) ? stated : 0;
        return new(value, time.GetUtcNow().AddSeconds(Math.Clamp(seconds, 60, 24 * 3600)));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RegistryException Unusable(RegistryRequest request, Uri realm, string reason, Exception? cause = null) =>
        new(request.Operation, request.Registry.ToString(), $"its token service at {realm.Host} cannot be used: {reason}", "Report this to the operator of the registry.", null, [], cause);
}

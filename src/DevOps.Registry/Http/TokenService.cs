using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using DevOps.Credentials;

namespace DevOps.Registry;

/// <summary>Gets bearer tokens from the service that a registry names.</summary>
/// <remarks>Source: the distribution project's "Token Authentication Specification" and "OAuth2 Token Authentication".</remarks>
internal sealed class TokenService(RegistryConnections connections, HostPauses pauses, TimeProvider time)
{
    private const int MaxAnswerBytes = 1 << 16;

    internal async Task<BearerToken> GetAsync(RegistryRequest request, Uri root, Challenge challenge, ImmutableArray<string> scopes, CredentialSearch search, CancellationToken cancellationToken)
    {
        try
        {
            BearerToken token = await AskAsync(request, root, challenge, scopes, search, cancellationToken).ConfigureAwait(false);
            RegistryCounts.Token(request.Registry, null);
            return token;
        }
        catch (Exception e)
        {
            RegistryCounts.Token(request.Registry, e);
            throw;
        }
    }

    private async Task<BearerToken> AskAsync(RegistryRequest request, Uri root, Challenge challenge, ImmutableArray<string> scopes, CredentialSearch search, CancellationToken cancellationToken)
    {
        Credential? credential = search.Credential;
        Uri realm = CheckRealm(request, root, challenge.Parameters["realm"]);
        using CancellationTokenSource limit = new(Timeout.InfiniteTimeSpan, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        HttpResponseMessage response = await SendAsync(root, credential?.IdentityToken is { } identity ? PostRequest(realm, scopes, challenge, identity) : GetRequest(realm, scopes, challenge, credential), limit, either.Token).ConfigureAwait(false);
        if (credential?.IdentityToken is not null && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            // Services of before OAuth 2 know the other way alone, where an identity token is the password of nobody.
            response.Dispose();
            response = await SendAsync(root, GetRequest(realm, scopes, challenge, credential), limit, either.Token).ConfigureAwait(false);
        }

        using (response)
        {
            return await ReadAsync(request, realm, scopes, response, search, either.Token).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri root, HttpRequestMessage message, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        using (message)
        {
            Uri address = message.RequestUri!;

            // The wait that the service asked for is no silence of it.
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            await pauses.WaitAsync(address, cancellationToken).ConfigureAwait(false);
            limit.CancelAfter(connections.NoProgressTimeout);
            HttpResponseMessage response = await connections.For(root, address).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            pauses.Note(address, response);
            return response;
        }
    }

    private async Task<BearerToken> ReadAsync(RegistryRequest request, Uri realm, ImmutableArray<string> scopes, HttpResponseMessage response, CredentialSearch search, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw RegistryErrors.OfTokenService(request, realm, scopes, response, search);
        }

        byte[] body = await BoundedBody.TryReadAsync(request, response, MaxAnswerBytes, cancellationToken).ConfigureAwait(false)
            ?? throw Unusable(request, realm, "its answer is too long");
        try
        {
            return Read(body, response.Headers.Date) ?? throw Unusable(request, realm, "its answer holds no token");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unusable(request, realm, "its answer is not JSON", e);
        }
        catch (FormatException)
        {
            // Without the cause: none of the token goes into a text.
            throw Unusable(request, realm, "its token has characters that no header can carry");
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

    private static HttpRequestMessage GetRequest(Uri realm, ImmutableArray<string> scopes, Challenge challenge, Credential? credential)
    {
        List<string> query = realm.Query.Length > 1 ? [realm.Query[1..]] : [];
        if (challenge.Parameters.TryGetValue("service", out string? service))
        {
            query.Add("service=" + Uri.EscapeDataString(service));
        }

        query.AddRange(scopes.Select(scope => "scope=" + Uri.EscapeDataString(scope)));
        HttpRequestMessage message = new(HttpMethod.Get, new UriBuilder(realm) { Query = string.Join('&', query) }.Uri);
        if (credential is { UserName: { } user, Password: { } password })
        {
            message.Headers.Authorization = RegistryAuthorization.BasicHeader(user, password);
        }
        else if (credential?.IdentityToken is { } identity)
        {
            message.Headers.Authorization = RegistryAuthorization.BasicHeader("<token>", identity);
        }

        return message;
    }

    private static HttpRequestMessage PostRequest(Uri realm, ImmutableArray<string> scopes, Challenge challenge, string identityToken) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("service", challenge.Parameters.GetValueOrDefault("service", "")),
            new("client_id", "DevOps.Registry"),
            new("scope", string.Join(' ', scopes)),
            new("refresh_token", identityToken),
        ]),
    };

    private BearerToken? Read(byte[] body, DateTimeOffset? answeredAt)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object || (Text(json, "token") ?? Text(json, "access_token")) is not { Length: > 0 } value)
        {
            return null;
        }

        if (value.Any(c => c is <= ' ' or > '~'))
        {
            throw new FormatException("A token consists of visible ASCII characters.");
        }

        long seconds = json.TryGetProperty("expires_in", out JsonElement expiry) && expiry.ValueKind == JsonValueKind.Number && expiry.TryGetInt64(out long stated) ? stated : 0;
        // A token that the service kept is older than the answer. Both times are the service's, so that its clock may go wrong.
        TimeSpan lifetime = TimeSpan.FromSeconds(Math.Clamp(seconds, 60, 24 * 3600));
        TimeSpan age = answeredAt is { } now && DateTimeOffset.TryParse(Text(json, "issued_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset issuedAt) && issuedAt < now
            ? now - issuedAt : TimeSpan.Zero;

        // No service hands out what has ended already: such a time was never set, as the year 1 of services written in Go.
        return new(value, time.GetUtcNow() + (age < lifetime ? lifetime - age : lifetime));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RegistryException Unusable(RegistryRequest request, Uri realm, string reason, Exception? cause = null) =>
        new(request.Operation, request.Registry.ToString(), $"its token service at {realm.Host} cannot be used: {reason}", "Report this to the operator of the registry.", null, [], cause);
}

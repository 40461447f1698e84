using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using DevOps.Credentials;

namespace DevOps.Registry;

/// <summary>Turns answers that are no success into errors that say what to do.</summary>
internal static class RegistryErrors
{
    private const int MaxBodyBytes = 1 << 16;
    private const int MaxMessageLength = 400;
    private const int MaxCodeLength = 64;

    internal static RegistryException Refused(RegistryRequest request, RefusedAddressException cause) => new(
        request.Operation, request.Registry.ToString(), cause.Message, "Nothing was sent there. Report this to the operator of the registry; if you trust the place, name it by itself.", null, [], cause);

    internal static RegistryException NoAnswer(RegistryRequest request, Exception cause)
    {
        if (cause is HttpRequestException { InnerException: RefusedAddressException refused })
        {
            return Refused(request, refused);
        }

        string reason = cause switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name is not known",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e => "the TLS connection failed: " + (e.InnerException?.Message ?? e.Message).TrimEnd('.'),
            HttpRequestException e => e.Message.TrimEnd('.'),
            IOException e => "the answer broke off: " + e.Message.TrimEnd('.'),
            _ => "no answer came in time",
        };
        string remedy = cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? "If the registry has a certificate of your own authority, let this machine trust it, or give it with the registry's options; if it has none, name it as insecure."
            : "Check the registry's name and port, that it runs, and that this machine can reach it.";
        return new(request.Operation, request.Registry.ToString(), reason, remedy, null, [], cause);
    }

    internal static async Task<RegistryException> FromAsync(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        (ImmutableArray<string> codes, string? message) = await ReadBodyAsync(request, response, cancellationToken).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        string cameBack = string.Create(CultureInfo.InvariantCulture, $"the answer was {status} {Shown(response.ReasonPhrase ?? response.StatusCode.ToString(), MaxCodeLength)}")
            + (codes.IsEmpty ? "" : $" ({string.Join(", ", codes)})")
            + (message is null ? "" : $", '{message}'");
        CredentialSearch? search = RegistryAuthorization.SearchOf(response);
        string remedy = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => RefusedRemedy(request, response.StatusCode, search),
            HttpStatusCode.NotFound => "Check the repository's name; some registries want it created before a push, and some answer this to whoever may not see it.",
            HttpStatusCode.RequestEntityTooLarge => "The registry limits the size of content: make it smaller, or have the limit raised.",
            HttpStatusCode.TooManyRequests => "The registry limits the rate of requests: wait, or log in for a higher limit.",
            >= HttpStatusCode.InternalServerError => "The registry has a fault: try again, and look into its log if it stays.",
            HttpStatusCode.MethodNotAllowed when codes.IsEmpty => "Check that this address is an OCI registry and supports the operation.",
            HttpStatusCode.MethodNotAllowed => UnsupportedRemedy(request),
            _ when codes.Contains("UNSUPPORTED") => UnsupportedRemedy(request),
            _ when !codes.IsEmpty => "The registry says what it does not like: change that, or ask its operator.",
            _ => "Check that this address is an OCI registry and supports the operation.",
        };
        return new(request.Operation, request.Registry.ToString(), cameBack, remedy, response.StatusCode, codes, credentialSearch: search);
    }

    /// <summary>Tells what a token service said instead of giving a token.</summary>
    internal static RegistryException OfTokenService(RegistryRequest request, Uri realm, ImmutableArray<string> scopes, HttpResponseMessage response, CredentialSearch search)
    {
        bool isRefusal = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        string remedy = isRefusal ? RefusedRemedy(request, response.StatusCode, search)
            : RegistryException.IsPassing(response.StatusCode) ? "The service has a fault or is asked too often: wait, and try again."
            : "That is no answer of a token service, so the registry may name the wrong one: tell its operator. If it asked for a token by mistake, try again.";

        // Whoever looks at the status alone must not take it for the registry's own word on what was asked for.
        HttpStatusCode status = isRefusal || RegistryException.IsPassing(response.StatusCode) ? response.StatusCode : HttpStatusCode.Unauthorized;
        string cameBack = string.Create(
            CultureInfo.InvariantCulture,
            $"its token service at {realm.Host} answered {(int)response.StatusCode} {Shown(response.ReasonPhrase ?? response.StatusCode.ToString())} for '{Shown(string.Join(' ', scopes))}'");
        return new(request.Operation, request.Registry.ToString(), cameBack, remedy, status, credentialSearch: isRefusal ? search : null);
    }

    /// <summary>Tells that content did not come to its end, whatever broke it off.</summary>
    internal static RegistryException BrokenOff(RegistryRequest request, string reason, Exception cause) => new(
        request.Operation, request.Registry.ToString(), reason,
        "Try again: what came before is not lost to whoever keeps it. If it breaks off there each time, see whether the registry, or a proxy before it, ends connections early.", null, [], cause);

    private static string RefusedRemedy(RegistryRequest request, HttpStatusCode status, CredentialSearch? search) =>
        search is { Credential: null } ? $"No credentials for {request.Registry} were found: log in, as by 'docker login {request.Registry}', or give some to the client."
        : status == HttpStatusCode.Forbidden ? "The credentials lack the right to do this: ask the registry's operator for it."
        : search is null ? "It offers no way in that this client knows: ask its operator how it is used."
        : $"The credentials that were found for {request.Registry} are wrong, or do not hold for this: check them, or log in again.";

    private static string UnsupportedRemedy(RegistryRequest request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head ? "The registry does not offer this: ask its operator."
        : request.Method == HttpMethod.Delete ? "The registry does not delete this, or takes no changes at all: ask its operator whether that can be switched on."
        : "The registry takes no changes, or not this one: it may be read-only. Ask its operator, or use another registry.";

    private static async Task<(ImmutableArray<string> Codes, string? Message)> ReadBodyAsync(RegistryRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[]? bytes;
        try
        {
            bytes = await BoundedBody.TryReadAsync(request, response, MaxBodyBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException)
        {
            // The status is there, and says more than that its explanation broke off.
            return ([], null);
        }

        if (bytes is null or [])
        {
            return ([], null);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement[] errors = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("errors", out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).Take(8)]
                : [];
            string message = string.Join("; ", errors.Select(error => Text(error, "message")).Where(text => text.Length > 0));
            return ([.. errors.Select(error => Shown(Text(error, "code"), MaxCodeLength)).Where(text => text.Length > 0)], message.Length == 0 ? null : Shown(message));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, most often: its first words tell more than nothing.
            return ([], Shown(System.Text.Encoding.UTF8.GetString(bytes)));
        }
    }

    private static string Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // A foreign text in our message: bounded, and without control characters that could rewrite a terminal.
    internal static string Shown(string text, int maxLength = MaxMessageLength) =>
        new([.. text.Take(maxLength).Select(c => char.IsControl(c) ? ' ' : c)]);
}

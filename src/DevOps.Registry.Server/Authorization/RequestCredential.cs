using System.Text;
using DevOps.Credentials;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Reads the Authorization header.</summary>
/// <remarks>Source: RFC 7617, "The 'Basic' HTTP Authentication Scheme", and RFC 6750, section 2.1.</remarks>
internal static class RequestCredential
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // An empty name with an empty password is how skopeo and its relatives say "nobody", where a registry asked and they have nothing to show.
    private const string Nobody = "Basic Og==";

    internal static bool IsSent(HttpRequest request) => request.Headers.Authorization.Count > 0 && request.Headers.Authorization is not [Nobody];

    internal static Credential? Read(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header])
        {
            return null;
        }

        int space = header.IndexOf(' ', StringComparison.Ordinal);
        string value = space < 0 ? "" : header[(space + 1)..].Trim();
        return value.Length == 0 ? null
            : header.AsSpan(0, space).Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? Credential.FromRegistryToken(value)
            : header.AsSpan(0, space).Equals("Basic", StringComparison.OrdinalIgnoreCase) ? ReadBasic(value)
            : null;
    }

    private static Credential? ReadBasic(string value)
    {
        byte[] bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out int length))
        {
            return null;
        }

        try
        {
            string text = StrictUtf8.GetString(bytes, 0, length);
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 ? Credential.FromPassword(text[..colon], text[(colon + 1)..]) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

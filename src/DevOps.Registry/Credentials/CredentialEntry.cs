using System.Text;
using System.Text.Json;
using DevOps.Credentials;

namespace DevOps.Registry;

/// <summary>Reads one entry of a file of credentials.</summary>
internal static class CredentialEntry
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <summary>Returns the entry's credential, if it has one; or says as the end of a sentence what is wrong with it.</summary>
    internal static Credential? Read(JsonElement entry, out string? problem)
    {
        problem = null;
        if (entry.ValueKind != JsonValueKind.Object)
        {
            problem = "the entry is no object";
            return null;
        }

        if (JsonText.Member(entry, "registrytoken") is { Length: > 0 } registryToken)
        {
            // A header carries it as it is.
            problem = registryToken.All(c => c is > ' ' and < (char)127) ? null : "its 'registrytoken' has characters that no header can carry";
            return problem is null ? Credential.FromRegistryToken(registryToken) : null;
        }

        if (JsonText.Member(entry, "identitytoken") is { Length: > 0 } identityToken)
        {
            return Credential.FromIdentityToken(identityToken);
        }

        return JsonText.Member(entry, "auth") is { Length: > 0 } auth ? FromAuth(auth, out problem) : FromMembers(entry, out problem);
    }

    internal static string AuthOf(string user, string password) => Convert.ToBase64String(StrictUtf8.GetBytes($"{user}:{password}"));

    private static Credential? FromAuth(string auth, out string? problem)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(Convert.FromBase64String(auth));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            problem = e is FormatException ? "its 'auth' is not base64" : "its 'auth' is not UTF-8";
            return null;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        problem = colon switch
        {
            < 0 => "its 'auth' has no colon between name and password",
            0 => "its 'auth' has no user's name",
            _ => null,
        };
        return problem is null ? Credential.FromPassword(text[..colon], text[(colon + 1)..].TrimEnd('\0')) : null;
    }

    // As secrets of Kubernetes have it.
    private static Credential? FromMembers(JsonElement entry, out string? problem)
    {
        problem = null;
        if (JsonText.Member(entry, "username") is not { Length: > 0 } user || JsonText.Member(entry, "password") is not { } password)
        {
            return null;
        }

        problem = user.Contains(':', StringComparison.Ordinal) ? "its 'username' has a colon, which no registry can be told" : null;
        return problem is null ? Credential.FromPassword(user, password) : null;
    }
}

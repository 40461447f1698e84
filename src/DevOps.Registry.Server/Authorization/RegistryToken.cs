using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>A token of the registry's own: who, what, until when.</summary>
/// <remarks>Source: RFC 7519 (JSON Web Token); the distribution project's token authentication implementation, for the claim <c>access</c>.</remarks>
internal sealed record RegistryToken(string? UserName, IReadOnlyList<RegistryScope> Access)
{
    // Servers take 32 KiB of headers.
    internal const int MaxLength = 24 << 10;

    // Instances that share a key do not have quite the same time.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    internal bool Grants(RepositoryName? repository, RegistryActions actions) =>
        Access.Any(scope => scope.Repository == repository && (actions & ~scope.Actions) == 0);

    internal string Write(RegistryTokenKey key, string service, string id, DateTimeOffset issuedAt, TimeSpan lifetime)
    {
        byte[] header = Json(writer => writer.WriteString("typ", "JWT"), writer => writer.WriteString("alg", key.Algorithm));
        byte[] payload = Json(
            writer => writer.WriteString("iss", service),
            writer => writer.WriteString("aud", service),
            writer => writer.WriteString("sub", UserName ?? ""),
            writer => writer.WriteString("jti", id),
            writer => writer.WriteNumber("iat", issuedAt.ToUnixTimeSeconds()),
            writer => writer.WriteNumber("nbf", issuedAt.ToUnixTimeSeconds()),
            writer => writer.WriteNumber("exp", issuedAt.ToUnixTimeSeconds() + (long)lifetime.TotalSeconds),
            WriteAccess);
        string signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Reads a token that this key signed for this service and that is good now; else returns <see langword="null"/>.</summary>
    internal static RegistryToken? Read(string text, RegistryTokenKey key, string service, DateTimeOffset now)
    {
        string[] parts = text.Length <= MaxLength ? text.Split('.') : [];
        if (parts is not [var header, var payload, var signature] || !parts.All(part => Base64Url.IsValid(part)))
        {
            return null;
        }

        // Nothing is read of what is not signed. The key says by which algorithm, never the token.
        if (!key.Verify(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature)))
        {
            return null;
        }

        try
        {
            using JsonDocument head = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            using JsonDocument body = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            JsonElement claims = body.RootElement;
            long seconds = now.ToUnixTimeSeconds();
            bool isGood = head.RootElement.GetProperty("alg").GetString() == key.Algorithm
                && claims.GetProperty("iss").GetString() == service
                && claims.GetProperty("aud").GetString() == service
                && claims.GetProperty("nbf").GetInt64() <= seconds + (long)ClockSkew.TotalSeconds
                && seconds < claims.GetProperty("exp").GetInt64();
            return isGood ? new(claims.GetProperty("sub").GetString() is { Length: > 0 } name ? name : null, ReadAccess(claims)) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IReadOnlyList<RegistryScope> ReadAccess(JsonElement claims) =>
    [
        .. claims.GetProperty("access").EnumerateArray().Select(entry => RegistryScope.Create(
            entry.GetProperty("type").GetString() ?? "",
            entry.GetProperty("name").GetString() ?? "",
            [.. entry.GetProperty("actions").EnumerateArray().Select(action => action.GetString() ?? "")])).OfType<RegistryScope>(),
    ];

    private void WriteAccess(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("access");
        foreach (RegistryScope scope in Access)
        {
            writer.WriteStartObject();
            writer.WriteString("type", scope.Type);
            writer.WriteString("name", scope.Name);
            writer.WriteStartArray("actions");
            foreach (string action in scope.ActionNames)
            {
                writer.WriteStringValue(action);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static byte[] Json(params ReadOnlySpan<Action<Utf8JsonWriter>> members)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            foreach (Action<Utf8JsonWriter> member in members)
            {
                member(writer);
            }

            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}

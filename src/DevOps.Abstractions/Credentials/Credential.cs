namespace DevOps.Credentials;

/// <summary>What proves to a registry who asks. Never part of a text: <see cref="ToString"/> says only the kind.</summary>
public sealed class Credential
{
    private Credential(string? userName, string? password, string? identityToken, string? registryToken) =>
        (UserName, Password, IdentityToken, RegistryToken) = (userName, password, identityToken, registryToken);

    /// <summary>Gets the user's name, of a name and password.</summary>
    public string? UserName { get; }

    /// <summary>Gets the password, of a name and password.</summary>
    public string? Password { get; }

    /// <summary>Gets the token that a token service exchanges for others, if the credential is one.</summary>
    public string? IdentityToken { get; }

    /// <summary>Gets the token that is sent to the registry as it is, if the credential is one.</summary>
    public string? RegistryToken { get; }

    /// <summary>Returns a credential of a name and password.</summary>
    /// <param name="userName">The name; a colon cannot be part of it.</param>
    /// <param name="password">The password or access token.</param>
    /// <exception cref="ArgumentException">The name is empty or has a colon in it.</exception>
    public static Credential FromPassword(string userName, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        ArgumentNullException.ThrowIfNull(password);
        if (userName.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("A user name with a colon cannot be sent by Basic authentication (RFC 7617).", nameof(userName));
        }

        return new(userName, password, null, null);
    }

    /// <summary>Returns a credential of an identity token, as <c>docker login</c> stores for some registries.</summary>
    /// <param name="token">The token.</param>
    public static Credential FromIdentityToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new(null, null, token, null);
    }

    /// <summary>Returns a credential of a bearer token that the registry takes as it is.</summary>
    /// <param name="token">The token.</param>
    public static Credential FromRegistryToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new(null, null, null, token);
    }

    /// <summary>Gets the kind of the credential in words, as <c>identity token</c>: for texts, which hold nothing else of it.</summary>
    public string Kind => UserName is not null ? "user name and password" : IdentityToken is not null ? "identity token" : "registry token";

    /// <summary>Returns the kind of the credential, and nothing of what it holds.</summary>
    public override string ToString() => $"Credential ({Kind})";
}

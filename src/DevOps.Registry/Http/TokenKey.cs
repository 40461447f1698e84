using System.Collections.Immutable;
using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a token is good for: who asks, at which registry, by which service, and for what. Never a text.</summary>
internal sealed record TokenKey
{
    internal TokenKey(RegistryAddress registry, Challenge challenge, Credential? credential, ImmutableArray<string> scopes)
    {
        (Registry, Realm, Service) = (registry, challenge.Parameters["realm"], challenge.Parameters.GetValueOrDefault("service", ""));
        Identity = (credential?.UserName, credential?.Password, credential?.IdentityToken);
        (Scopes, ScopeText) = (scopes, string.Join(' ', scopes));
    }

    private RegistryAddress Registry { get; }

    private string Realm { get; }

    private string Service { get; }

    private (string? UserName, string? Password, string? IdentityToken) Identity { get; }

    private string ScopeText { get; }

    /// <summary>Gets the rights. They are compared as a text.</summary>
    internal ImmutableArray<string> Scopes { get; }

    /// <summary>Returns whether a token for this is one for another key too.</summary>
    internal bool Covers(TokenKey other) => IsOfSame(other) && TokenScopes.Cover(Scopes, other.Scopes);

    public bool Equals(TokenKey? other) => other is not null && IsOfSame(other) && ScopeText == other.ScopeText;

    public override int GetHashCode() => HashCode.Combine(Registry, ScopeText);

    public override string ToString() => "TokenKey";

    private bool IsOfSame(TokenKey other) => Registry == other.Registry && Realm == other.Realm && Service == other.Service && Identity == other.Identity;
}

using System.Collections.Immutable;

namespace DevOps.Credentials;

/// <summary>What a search for a credential found, and where it looked.</summary>
public sealed class CredentialSearch
{
    /// <summary>Creates the result of a search.</summary>
    /// <param name="credential">The credential, or <see langword="null"/> if there is none.</param>
    /// <param name="attempts">The places that were asked, in order.</param>
    public CredentialSearch(Credential? credential, ImmutableArray<CredentialAttempt> attempts) => (Credential, Attempts) = (credential, attempts.IsDefault ? [] : attempts);

    /// <summary>Gets the credential, or <see langword="null"/> to ask anonymously.</summary>
    public Credential? Credential { get; }

    /// <summary>Gets the places that were asked, in order. None of them holds a secret.</summary>
    public ImmutableArray<CredentialAttempt> Attempts { get; }

    /// <summary>Returns the places and what they said, without secrets.</summary>
    public override string ToString() => Attempts.IsEmpty ? "no place was asked" : string.Join("; ", Attempts);
}

namespace DevOps.Credentials;

/// <summary>One place that was asked for a credential, and what it said. Holds no secret.</summary>
/// <param name="Place">The place: a file's path, a helper's name, a variable's name or a type's name.</param>
/// <param name="Key">What it was asked for, as <c>ghcr.io</c>, or <see langword="null"/> where there is no such thing.</param>
/// <param name="Outcome">What it said.</param>
/// <param name="Detail">The same for people, as the end of a sentence.</param>
public sealed record CredentialAttempt(string Place, string? Key, CredentialOutcome Outcome, string Detail)
{
    /// <summary>Returns the place, the key and what it said, as one line without secrets.</summary>
    public override string ToString() => Key is null ? $"{Place}: {Detail}" : $"{Place} (key '{Key}'): {Detail}";
}

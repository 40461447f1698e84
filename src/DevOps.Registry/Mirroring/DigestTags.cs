namespace DevOps.Registry;

/// <summary>Knows the tags that hold what belongs to a digest: the list of its referrers where a registry keeps none, and cosign's signatures, attestations and bills of materials.</summary>
/// <remarks>They live and go with their subject, and source and target may keep them in different ways. Source: OCI distribution-spec 1.1, "Referrers Tag Schema"; cosign's signature specification.</remarks>
internal static class DigestTags
{
    internal static bool IsOne(string tag)
    {
        string[] parts = tag.Split('-', 2);
        return parts is ["sha256" or "sha512", { Length: >= 64 } rest] && rest[..64].All(char.IsAsciiHexDigitLower);
    }
}

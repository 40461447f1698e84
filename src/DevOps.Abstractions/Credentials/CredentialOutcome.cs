namespace DevOps.Credentials;

/// <summary>What a place that was asked for a credential said.</summary>
public enum CredentialOutcome
{
    /// <summary>It holds no credential for this.</summary>
    NotFound,

    /// <summary>It holds a credential, which was taken.</summary>
    Found,

    /// <summary>It could not be asked, or what it said cannot be used.</summary>
    Failed,
}

namespace DevOps.Registry;

/// <summary>What a registry says to a credential.</summary>
public enum CredentialVerdict
{
    /// <summary>The registry or its token service took it.</summary>
    Accepted,

    /// <summary>The registry or its token service refused it.</summary>
    Refused,

    /// <summary>The registry did not ask for any: it lets everyone in as far as this goes, so nothing is known about the credential.</summary>
    NotAsked,
}

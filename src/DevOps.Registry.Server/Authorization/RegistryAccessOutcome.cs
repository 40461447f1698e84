namespace DevOps.Registry.Server;

/// <summary>What an authorizer decides.</summary>
public enum RegistryAccessOutcome
{
    /// <summary>The request may go on.</summary>
    Allowed,

    /// <summary>The caller is not known, or not well enough: 401, with a challenge that says how to be.</summary>
    Challenged,

    /// <summary>The caller is known and may not: 403.</summary>
    Denied,

    /// <summary>The answer cannot be found just now: 429, with the time after which to ask again.</summary>
    Busy,
}

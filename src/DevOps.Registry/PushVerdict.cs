namespace DevOps.Registry;

/// <summary>Whether a push to a repository can begin.</summary>
public enum PushVerdict
{
    /// <summary>The registry opened an upload.</summary>
    Allowed,

    /// <summary>The registry or its token service refused: the credentials are missing or wrong, or lack the right.</summary>
    Refused,

    /// <summary>There is no such repository, and the registry does not make it by itself, or hides it from whoever asks.</summary>
    NoRepository,
}

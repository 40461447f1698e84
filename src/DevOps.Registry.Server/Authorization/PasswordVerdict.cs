namespace DevOps.Registry.Server;

/// <summary>What became of a password.</summary>
public enum PasswordVerdict
{
    /// <summary>There is no such user, or the password is not the user's.</summary>
    Rejected,

    /// <summary>The password is the user's.</summary>
    Accepted,

    /// <summary>Too many passwords are being checked: ask again.</summary>
    Busy,
}

namespace DevOps.Registry.Server;

/// <summary>Controls how passwords are checked against a file.</summary>
public sealed record HtpasswdOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static HtpasswdOptions Default { get; } = new();

    /// <summary>Gets how many passwords are hashed at once.</summary>
    /// <value>2 by default; each takes one processor.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxParallelChecks { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 2;

    /// <summary>Gets how many passwords wait to be hashed; who comes when so many do is told to come again.</summary>
    /// <value>32 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxWaitingChecks { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 32;

    /// <summary>Gets how many verdicts are remembered of each kind, right and wrong, so that most requests hash nothing.</summary>
    /// <value>1024 by default. Verdicts are kept by a hash with a key that is made at random for each instance; no password is kept.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int RememberedVerdicts { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1024;
}

namespace DevOps.Pipelines;

/// <summary>Says what one tenant of a host has.</summary>
public sealed record TenantOptions
{
    /// <summary>Gets how many of the tenant's jobs may work at once, in all of its runs.</summary>
    /// <value>No limit by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = int.MaxValue;

    /// <summary>Gets how much the tenant counts beside others when slots are short: one of weight 2 has twice as many as one of weight 1.</summary>
    /// <value>1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero.</exception>
    public double Weight { get; init { ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value); field = value; } } = 1;
}

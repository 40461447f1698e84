using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Says what the runs of a host share.</summary>
public sealed record PipelineHostOptions
{
    /// <summary>Gets how many jobs of all runs may work at once.</summary>
    /// <value>No limit by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = int.MaxValue;

    /// <summary>Gets what single tenants have, by name.</summary>
    /// <value>Empty by default.</value>
    public ImmutableDictionary<string, TenantOptions> Tenants { get; init; } = ImmutableDictionary<string, TenantOptions>.Empty;

    /// <summary>Gets what each other tenant has.</summary>
    public TenantOptions OtherTenants { get; init; } = new();
}

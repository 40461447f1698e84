using System.Collections.Concurrent;

namespace DevOps.Pipelines;

/// <summary>What the runs of one program share: slots for jobs, quotas of tenants, locks, limits and resource groups. Give the same host to every run that is to share.</summary>
/// <remarks>When slots are short, the tenant that has the fewest for its weight is next, and of its runs the one that has the fewest; so neither a tenant with many runs nor a run with many jobs starves another.</remarks>
public sealed class PipelineHost
{
    private readonly ConcurrentDictionary<string, HostTenant> _tenants = new(StringComparer.Ordinal);
    private readonly PipelineHostOptions _options;
    private readonly Resource? _slots;

    /// <summary>Creates a host.</summary>
    /// <param name="options">What there is to share; no limit if <see langword="null"/>.</param>
    public PipelineHost(PipelineHostOptions? options = null)
    {
        _options = options ?? new();
        _slots = _options.MaxConcurrency < int.MaxValue ? new($"a free slot of the host (at most {_options.MaxConcurrency} {(_options.MaxConcurrency == 1 ? "job" : "jobs")} at once)", _options.MaxConcurrency, new FairClaims()) : null;
    }

    internal ResourcePool Pool { get; } = new();

    internal TenantShare TenantOf(string name) => Tenant(name).Share;

    internal IEnumerable<ClaimUse> UsesOf(string tenant)
    {
        if (Tenant(tenant).Quota is { } quota)
        {
            yield return new(quota, 1);
        }

        if (_slots is not null)
        {
            yield return new(_slots, 1);
        }
    }

    private HostTenant Tenant(string name) => _tenants.GetOrAdd(name, name =>
    {
        TenantOptions options = _options.Tenants.GetValueOrDefault(name) ?? _options.OtherTenants;
        return new(new(options.Weight), options.MaxConcurrency < int.MaxValue ? new($"the quota of tenant '{name}'", options.MaxConcurrency, new FairClaims()) : null);
    });

    private sealed record HostTenant(TenantShare Share, Resource? Quota);
}

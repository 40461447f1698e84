namespace DevOps.Pipelines;

/// <summary>How much of a pool one run has at the moment, for a fair share among runs and tenants.</summary>
internal sealed class RunShare(TenantShare tenant)
{
    internal TenantShare Tenant => tenant;

    internal int Held { get; set; }
}

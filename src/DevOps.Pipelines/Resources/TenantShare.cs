namespace DevOps.Pipelines;

/// <summary>How much of a pool one tenant has at the moment, and how much it counts.</summary>
internal sealed class TenantShare(double weight)
{
    internal double Weight => weight;

    internal int Held { get; set; }
}

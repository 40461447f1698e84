namespace DevOps.Pipelines;

/// <summary>What one job asks of resources: all of it at once, or it waits.</summary>
internal sealed class Claim(IClaimOwner owner, ClaimUse[] uses, ClaimOrder order, RunShare share)
{
    internal IClaimOwner Owner => owner;

    internal ClaimUse[] Uses => uses;

    internal ClaimOrder Order { get; set; } = order;

    internal RunShare Share => share;

    internal bool IsHeld { get; set; }

    /// <summary>Gets or sets whether nobody wants it any more.</summary>
    internal bool IsDropped { get; set; }

    /// <summary>Gets or sets what it waits for.</summary>
    internal Resource? WaitsFor { get; set; }
}

namespace DevOps.Pipelines;

/// <summary>The claims that wait for one resource. Guarded by the pool's lock.</summary>
internal interface IClaimQueue
{
    /// <summary>Gets whether nobody waits.</summary>
    bool IsEmpty { get; }

    void Add(Claim claim);

    /// <summary>Takes out who is next.</summary>
    bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Claim? claim);
}

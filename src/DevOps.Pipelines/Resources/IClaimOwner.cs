namespace DevOps.Pipelines;

/// <summary>Is told when what it asked for is its own.</summary>
internal interface IClaimOwner
{
    /// <summary>Takes what was asked for; called without any lock of the pool.</summary>
    void Granted();
}

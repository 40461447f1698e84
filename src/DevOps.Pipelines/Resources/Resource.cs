namespace DevOps.Pipelines;

/// <summary>A number of units, and who waits for them. Guarded by the pool's lock.</summary>
internal sealed class Resource(string name, int units, IClaimQueue waiting)
{
    internal string Name => name;

    internal int Free { get; set; } = units;

    internal IClaimQueue Waiting => waiting;
}

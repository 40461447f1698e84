namespace DevOps.Pipelines;

/// <summary>A number of units, and who waits for them. Guarded by the pool's lock.</summary>
internal sealed class Resource(string name, int units, IClaimQueue waiting)
{
    internal string Name => name;

    internal int Free { get; set; } = units;

    internal IClaimQueue Waiting => waiting;

    /// <summary>Gets whether the pool knows it by its name, as long as anyone uses it.</summary>
    internal bool IsNamed { get; init; }

    /// <summary>Gets or sets how many claims hold it or wait for it.</summary>
    internal int Users { get; set; }
}

using System.Globalization;

namespace DevOps.Registry.Server;

/// <summary>A fault that is in a registry.</summary>
public sealed class InjectedFault
{
    private readonly RegistryFaults _owner;

    internal InjectedFault(RegistryFaults owner, Fault fault) => (_owner, Fault) = (owner, fault);

    /// <summary>Gets the fault.</summary>
    public Fault Fault { get; }

    /// <summary>Gets how many requests met it.</summary>
    public int HitCount => _owner.CountHits(this);

    /// <summary>Gets whether it happened as often as it was to.</summary>
    public bool IsSpent => HitCount == Fault.Count;

    /// <summary>Takes it out. Requests that met it already go on with it.</summary>
    public void Remove() => _owner.Remove(this);

    /// <summary>Returns the fault, and how often it happened.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Fault}; met {HitCount} times");

    internal int SeenCount { get; set; }

    internal int MetCount { get; set; }
}

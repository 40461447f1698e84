namespace DevOps.Pipelines;

/// <summary>A number of units that jobs share: licences, devices, connections. The object is the limit: jobs that name the same object share it.</summary>
public sealed class ConcurrencyLimit
{
    /// <summary>Creates a limit.</summary>
    /// <param name="name">What is limited, for people.</param>
    /// <param name="units">How many units there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not even one.</exception>
    public ConcurrencyLimit(string name, int units)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        (Name, Units) = (name, units);
    }

    /// <summary>Gets what is limited.</summary>
    public string Name { get; }

    /// <summary>Gets how many units there are.</summary>
    public int Units { get; }

    /// <summary>Returns the name and the units.</summary>
    public override string ToString() => $"{Name} ({Units})";
}

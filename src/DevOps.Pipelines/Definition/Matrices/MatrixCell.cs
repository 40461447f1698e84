using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>One combination of values of a matrix.</summary>
public sealed class MatrixCell
{
    internal MatrixCell(ImmutableArray<(string Axis, string Value)> pairs, bool showsAxes = false)
    {
        Pairs = pairs;
        Name = $"[{string.Join(", ", pairs.Select(pair => showsAxes ? $"{pair.Axis}: {pair.Value}" : pair.Value))}]";
    }

    /// <summary>Gets the axes and values, in the order of the axes.</summary>
    public ImmutableArray<(string Axis, string Value)> Pairs { get; }

    /// <summary>Gets the name: the values, as <c>[linux, net10.0]</c>; with the axes, as <c>[os: linux]</c>, where another cell of the matrix has the same values on other axes.</summary>
    public string Name { get; }

    /// <summary>Gets the value on an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ArgumentException">The cell has no such axis.</exception>
    public string this[string axis] => Find(axis) ?? throw new ArgumentException($"'{axis}' is not an axis of the cell {Name}; it has: {string.Join(", ", Pairs.Select(pair => pair.Axis))}.", nameof(axis));

    /// <summary>Returns the value on an axis, or <see langword="null"/> if the cell has no such axis.</summary>
    /// <param name="axis">The axis.</param>
    public string? Find(string axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        foreach ((string name, string value) in Pairs)
        {
            if (MatrixNames.AreSame(name, axis))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Gets what is the same for cells with the same values on the same axes, in whichever order.</summary>
    internal string Key => string.Join('\0', Pairs.OrderBy(pair => pair.Axis, MatrixNames.Comparer).Select(pair => $"{pair.Axis}\u0001{pair.Value}")).ToUpperInvariant();

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}

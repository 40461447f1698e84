using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Picks cells of a matrix by their value on one axis. A pair of an axis and a value is a filter.</summary>
public sealed class MatrixFilter
{
    private readonly ImmutableArray<string> _values;
    private readonly bool _isNegative;

    private MatrixFilter(string axis, string[] values, bool isNegative)
    {
        MatrixNames.Check(axis, nameof(axis));
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        (Axis, _values, _isNegative) = (axis, [.. values], isNegative);
    }

    /// <summary>Gets the axis.</summary>
    public string Axis { get; }

    /// <summary>Returns the filter of the cells that have one of some values.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">The values.</param>
    public static MatrixFilter In(string axis, params string[] values) => new(axis, values, isNegative: false);

    /// <summary>Returns the filter of the cells that have any value of an axis but some.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">The values that they do not have.</param>
    public static MatrixFilter NotIn(string axis, params string[] values) => new(axis, values, isNegative: true);

    /// <summary>Returns the filter of the cells that have a value.</summary>
    /// <param name="pair">The axis and the value.</param>
    public static implicit operator MatrixFilter((string Axis, string Value) pair) => FromPair(pair);

    /// <summary>Returns the filter of the cells that have a value.</summary>
    /// <param name="pair">The axis and the value.</param>
    public static MatrixFilter FromPair((string Axis, string Value) pair) => In(pair.Axis, pair.Value);

    /// <summary>Returns the filter in words.</summary>
    public override string ToString() => $"{Axis}{(_isNegative ? " not" : "")} {string.Join(" or ", _values)}";

    internal bool Matches(MatrixCell cell) => cell.Find(Axis) is { } value && _values.Contains(value, MatrixNames.Comparer) != _isNegative;

    /// <exception cref="ArgumentException">There is no such axis, or it has no such value.</exception>
    internal void Check(IReadOnlyCollection<MatrixAxis> axes, string matrix)
    {
        MatrixAxis[] found = [.. axes.Where(axis => MatrixNames.AreSame(axis.Name, Axis))];
        if (found.Length == 0)
        {
            throw new ArgumentException($"'{Axis}' is not an axis of {matrix}; it has: {string.Join(", ", axes.Select(axis => axis.Name))}.");
        }

        foreach (string value in _values.Where(value => !found[0].Values.Contains(value, MatrixNames.Comparer)))
        {
            throw new ArgumentException($"'{value}' is not a value of the axis '{found[0].Name}' of {matrix}; it has: {string.Join(", ", found[0].Values)}.");
        }
    }
}

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The combinations of values that a job runs with. Immutable: each method returns a new matrix.</summary>
/// <remarks>Cells are in a stable order: those of the axes, in which the last axis changes fastest, then those that were added, then those of matrices that were joined. Names of axes and values are compared whatever their case.</remarks>
public sealed record Matrix
{
    private Matrix()
    {
    }

    /// <summary>Gets the matrix without axes and cells.</summary>
    public static Matrix Empty { get; } = new();

    /// <summary>Gets how many cells there may be.</summary>
    public int MaxCells { get; private init; } = 200;

    /// <summary>Gets the cells, in order.</summary>
    /// <exception cref="InvalidOperationException">There are none, too many, or one twice.</exception>
    public ImmutableArray<MatrixCell> Cells => MatrixCells.Of(this);

    internal ImmutableArray<MatrixPart> Parts { get; private init; } = [new()];

    /// <summary>Returns a matrix with one more axis: each cell of the axes before is there once for each value.</summary>
    /// <param name="name">The axis.</param>
    /// <param name="values">Its values, at least one.</param>
    /// <exception cref="ArgumentException">The axis is there already, a value is there twice, there are no values, or one is blank.</exception>
    public Matrix WithAxis(string name, params string[] values)
    {
        MatrixNames.Check(name, nameof(name));
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        MatrixNames.CheckDistinct([.. values], $"The axis '{name}' has the value", nameof(values));
        MatrixPart last = Parts[^1];
        MatrixNames.CheckDistinct([.. last.Axes.Select(axis => axis.Name), name], "The matrix has the axis", nameof(name));
        return WithLast(last with { Axes = last.Axes.Add(new(name, [.. values])) });
    }

    /// <summary>Returns a matrix without the cells of its axes that match every one of some filters.</summary>
    /// <param name="filters">The filters; a pair of an axis and a value is one.</param>
    /// <exception cref="ArgumentException">There is no such axis, or it has no such value.</exception>
    public Matrix Without(params MatrixFilter[] filters)
    {
        MatrixPart last = Parts[^1];
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentOutOfRangeException.ThrowIfZero(filters.Length, nameof(filters));
        foreach (MatrixFilter filter in filters)
        {
            filter.Check(last.Axes, "the matrix");
        }

        return WithLast(last with { Excluded = last.Excluded.Add([.. filters]) });
    }

    /// <summary>Returns a matrix with one more cell, which may have axes of its own. What <see cref="Without"/> takes out of the axes does not touch it.</summary>
    /// <param name="cell">The axes and values of the cell.</param>
    /// <exception cref="ArgumentException">The cell is empty, an axis is there twice, or a name or a value is blank.</exception>
    public Matrix With(params (string Axis, string Value)[] cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentOutOfRangeException.ThrowIfZero(cell.Length, nameof(cell));
        MatrixNames.CheckDistinct([.. cell.Select(pair => pair.Axis)], "The cell has the axis", nameof(cell));
        foreach ((_, string value) in cell)
        {
            MatrixNames.Check(value, nameof(cell));
        }

        MatrixPart last = Parts[^1];
        return WithLast(last with { Included = last.Included.Add([.. cell]) });
    }

    /// <summary>Returns a matrix with the cells of this one, then those of another.</summary>
    /// <param name="other">The other; it may have other axes. Later changes are to its part.</param>
    public Matrix Concat(Matrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Parts = Parts.AddRange(other.Parts), MaxCells = Math.Max(MaxCells, other.MaxCells) };
    }

    /// <summary>Returns a matrix that may have more, or only fewer, cells.</summary>
    /// <param name="maxCells">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1, or more than 100,000.</exception>
    public Matrix WithMaxCells(int maxCells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCells, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxCells, 100_000);
        return this with { MaxCells = maxCells };
    }

    /// <summary>Returns the axes, as <c>os x tfm</c>.</summary>
    public override string ToString() => string.Join("; ", Parts.Select(part => string.Join(" x ", part.Axes.Select(axis => axis.Name))));

    private Matrix WithLast(MatrixPart part) => this with { Parts = Parts.SetItem(Parts.Length - 1, part) };
}

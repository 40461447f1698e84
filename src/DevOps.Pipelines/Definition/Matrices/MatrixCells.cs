using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Makes the cells of a matrix.</summary>
internal static class MatrixCells
{
    internal static ImmutableArray<MatrixCell> Of(Matrix matrix)
    {
        List<MatrixCell> cells = [];
        foreach (MatrixPart part in matrix.Parts)
        {
            AddProduct(part, matrix.MaxCells, cells);
            cells.AddRange(part.Included.Select(pairs => new MatrixCell(pairs)));
        }

        if (cells.Count == 0)
        {
            throw new InvalidOperationException("The matrix has no cells: it has no axes, or all cells were taken out.");
        }

        if (cells.Count > matrix.MaxCells)
        {
            throw TooMany(cells.Count, matrix.MaxCells);
        }

        foreach (IGrouping<string, MatrixCell> same in cells.GroupBy(cell => cell.Key, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            throw new InvalidOperationException($"The matrix has the cell {same.First().Name} {same.Count()} times.");
        }

        HashSet<string> twice = new(cells.GroupBy(cell => cell.Name, MatrixNames.Comparer).Where(group => group.Count() > 1).Select(group => group.Key), MatrixNames.Comparer);
        return [.. cells.Select(cell => twice.Contains(cell.Name) ? new MatrixCell(cell.Pairs, showsAxes: true) : cell)];
    }

    // Counted before any is made: a few axes of many values are more cells than memory holds.
    private static void AddProduct(MatrixPart part, int maxCells, List<MatrixCell> cells)
    {
        if (part.Axes.IsEmpty)
        {
            return;
        }

        double size = part.Axes.Aggregate(1d, (size, axis) => size * axis.Values.Length);
        if (size > Math.Max(maxCells, 10_000) && size > maxCells * 50d)
        {
            throw TooMany(size, maxCells);
        }

        int[] at = new int[part.Axes.Length];
        for (bool more = true; more; more = Advance(at, part.Axes))
        {
            MatrixCell cell = new([.. part.Axes.Select((axis, index) => (axis.Name, axis.Values[at[index]]))]);
            if (!part.Excluded.Any(filters => filters.All(filter => filter.Matches(cell))))
            {
                cells.Add(cell);
            }
        }
    }

    private static bool Advance(int[] at, ImmutableArray<MatrixAxis> axes)
    {
        for (int axis = at.Length - 1; axis >= 0; axis--)
        {
            if (++at[axis] < axes[axis].Values.Length)
            {
                return true;
            }

            at[axis] = 0;
        }

        return false;
    }

    private static InvalidOperationException TooMany(double cells, int max) => new($"The matrix has {cells:0} cells and may have {max}. Take values out, or allow more with WithMaxCells.");
}

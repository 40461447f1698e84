using System.Collections;
using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The jobs of a matrix, in the order of its cells. It can be named wherever jobs are needed: <c>deploy.Needs(tests)</c>.</summary>
/// <typeparam name="TJob">The jobs' type.</typeparam>
public sealed class MatrixJobs<TJob> : IReadOnlyList<TJob>
    where TJob : Job
{
    private readonly string _name;
    private readonly Dictionary<string, TJob> _byKey;

    internal MatrixJobs(string name, ImmutableArray<MatrixCell> cells, ImmutableArray<TJob> jobs)
    {
        (_name, Cells, Jobs) = (name, cells, jobs);
        _byKey = cells.Zip(jobs).ToDictionary(pair => pair.First.Key, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Gets the cells.</summary>
    public ImmutableArray<MatrixCell> Cells { get; }

    /// <summary>Gets the jobs, one for each cell.</summary>
    public ImmutableArray<TJob> Jobs { get; }

    /// <summary>Gets how many jobs there are.</summary>
    public int Count => Jobs.Length;

    /// <summary>Gets the job of the cell at a place.</summary>
    /// <param name="index">The place; the first is 0.</param>
    public TJob this[int index] => Jobs[index];

    /// <summary>Gets the job of the cell that has some values, in the order of its axes.</summary>
    /// <param name="values">A value for each axis.</param>
    /// <exception cref="ArgumentException">No cell, or several, have them.</exception>
    public TJob this[params string[] values]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(values);
            int[] found = [.. Enumerable.Range(0, Count).Where(index => Cells[index].Pairs.Select(pair => pair.Value).SequenceEqual(values, MatrixNames.Comparer))];
            return found.Length == 1
                ? Jobs[found[0]]
                : throw new ArgumentException($"{(found.Length == 0 ? "No cell" : "More than one cell")} of the matrix '{_name}' is [{string.Join(", ", values)}]; it has: {Shown(Cells)}.", nameof(values));
        }
    }

    /// <summary>Gets the job with the values of a cell, which may be one of another matrix.</summary>
    /// <param name="cell">The cell; the order of its axes does not count.</param>
    /// <exception cref="ArgumentException">No cell has the same values on the same axes.</exception>
    public TJob this[MatrixCell cell]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(cell);
            return _byKey.GetValueOrDefault(cell.Key) ?? throw new ArgumentException($"The matrix '{_name}' has no cell {new MatrixCell(cell.Pairs, showsAxes: true).Name}; it has: {Shown(Cells)}.", nameof(cell));
        }
    }

    /// <summary>Returns the jobs as needs take them.</summary>
    /// <param name="jobs">The jobs of a matrix.</param>
    public static implicit operator Job[](MatrixJobs<TJob> jobs) => (jobs ?? throw new ArgumentNullException(nameof(jobs))).ToJobArray();

    /// <summary>Returns the jobs as needs take them.</summary>
    public Job[] ToJobArray() => [.. Jobs];

    /// <summary>Returns the jobs of the cells that match every one of some filters.</summary>
    /// <param name="filters">The filters; a pair of an axis and a value is one.</param>
    /// <exception cref="ArgumentException">There is no such axis or value, or no cell matches.</exception>
    public ImmutableArray<TJob> Select(params MatrixFilter[] filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        MatrixAxis[] axes = [.. Cells.SelectMany(cell => cell.Pairs).GroupBy(pair => pair.Axis, MatrixNames.Comparer).Select(axis => new MatrixAxis(axis.Key, [.. axis.Select(pair => pair.Value).Distinct(MatrixNames.Comparer)]))];
        foreach (MatrixFilter filter in filters)
        {
            filter.Check(axes, $"the matrix '{_name}'");
        }

        ImmutableArray<TJob> found = [.. Jobs.Where((_, index) => filters.All(filter => filter.Matches(Cells[index])))];
        return found.IsEmpty
            ? throw new ArgumentException($"No cell of the matrix '{_name}' matches {string.Join(" and ", filters.Select(filter => filter.ToString()))}; it has: {Shown(Cells)}.", nameof(filters))
            : found;
    }

    /// <summary>Says more of each job, as what it needs.</summary>
    /// <param name="change">Is called with each job and its cell, in order.</param>
    /// <returns>These jobs.</returns>
    public MatrixJobs<TJob> Each(Action<TJob, MatrixCell> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (int i = 0; i < Count; i++)
        {
            change(Jobs[i], Cells[i]);
        }

        return this;
    }

    /// <summary>Lets the first of the jobs that fails stop the others.</summary>
    /// <returns>These jobs.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public MatrixJobs<TJob> FailFast()
    {
        Jobs.FailFast();
        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<TJob> GetEnumerator() => ((IEnumerable<TJob>)Jobs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Shown(ImmutableArray<MatrixCell> cells) => $"{string.Join(", ", cells.Take(20).Select(cell => cell.Name))}{(cells.Length > 20 ? ", …" : "")}";
}

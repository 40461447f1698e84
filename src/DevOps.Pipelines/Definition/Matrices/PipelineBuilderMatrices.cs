using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Adds jobs that differ only in some values.</summary>
public static class PipelineBuilderMatrices
{
    private const int MaxParts = 200;

    /// <summary>Adds a job without a result for each cell of a matrix; they are named as <c>test: [linux, net10.0]</c>.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name that all begin with.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="run">The work.</param>
    /// <returns>The jobs.</returns>
    /// <exception cref="ArgumentException">The name is empty, or with a cell too long.</exception>
    /// <exception cref="InvalidOperationException">The matrix has no cells, too many, or one twice; or the pipeline was built already.</exception>
    public static MatrixJobs<Job> AddMatrix(this PipelineBuilder pipeline, string name, Matrix matrix, Func<JobContext, MatrixCell, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(pipeline, name, matrix, cell => pipeline.AddJob(NameOf(name, cell), job => run(job, cell)));
    }

    /// <summary>Adds a job with a result for each cell of a matrix; they are named as <c>test: [linux, net10.0]</c>.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name that all begin with.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="run">The work.</param>
    /// <returns>The jobs.</returns>
    /// <exception cref="ArgumentException">The name is empty, or with a cell too long.</exception>
    /// <exception cref="InvalidOperationException">The matrix has no cells, too many, or one twice; or the pipeline was built already.</exception>
    public static MatrixJobs<Job<T>> AddMatrix<T>(this PipelineBuilder pipeline, string name, Matrix matrix, Func<JobContext, MatrixCell, Task<T>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Add(pipeline, name, matrix, cell => pipeline.AddJob(NameOf(name, cell), job => run(job, cell)));
    }

    /// <summary>Adds a number of jobs that share work, as a list of tests; they are named as <c>test 1/4</c>.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name that all begin with.</param>
    /// <param name="total">How many: 1 to 200.</param>
    /// <param name="run">The work; <see cref="Partition.Of{T}"/> picks a part's share of a list.</param>
    /// <returns>The jobs, as those of a matrix with the axis <c>part</c>.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the number is not one of those.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static MatrixJobs<Job> AddParallel(this PipelineBuilder pipeline, string name, int total, Func<JobContext, Partition, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return AddParts(pipeline, name, total, part => pipeline.AddJob($"{name} {part}", job => run(job, part)));
    }

    /// <summary>Adds a number of jobs with results that share work, as a list of tests; they are named as <c>test 1/4</c>.</summary>
    /// <typeparam name="T">The results' type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name that all begin with.</param>
    /// <param name="total">How many: 1 to 200.</param>
    /// <param name="run">The work; <see cref="Partition.Of{T}"/> picks a part's share of a list.</param>
    /// <returns>The jobs, as those of a matrix with the axis <c>part</c>.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the number is not one of those.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static MatrixJobs<Job<T>> AddParallel<T>(this PipelineBuilder pipeline, string name, int total, Func<JobContext, Partition, Task<T>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return AddParts(pipeline, name, total, part => pipeline.AddJob($"{name} {part}", job => run(job, part)));
    }

    private static MatrixJobs<TJob> AddParts<TJob>(PipelineBuilder pipeline, string name, int total, Func<Partition, TJob> add)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(total, MaxParts);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        PipelineBuilder.CheckName($"{name} {new Partition(total, total)}");
        ImmutableArray<Partition> parts = [.. Enumerable.Range(1, total).Select(index => new Partition(index, total))];
        return new(name, [.. parts.Select(part => new MatrixCell([("part", part.Index.ToString(CultureInfo.InvariantCulture))]))], [.. parts.Select(add)]);
    }

    private static MatrixJobs<TJob> Add<TJob>(PipelineBuilder pipeline, string name, Matrix matrix, Func<MatrixCell, TJob> add)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ImmutableArray<MatrixCell> cells = matrix.Cells;
        foreach (MatrixCell cell in cells)
        {
            // Before any is added: a call that fails leaves the pipeline as it was.
            PipelineBuilder.CheckName(NameOf(name, cell));
        }

        return new(name, cells, [.. cells.Select(add)]);
    }

    private static string NameOf(string name, MatrixCell cell) => $"{name}: {cell.Name}";
}

namespace DevOps.Pipelines;

/// <summary>Finds jobs by what a person typed: a job's name, a stage's name, or a pattern with <c>*</c>.</summary>
internal static class JobNames
{
    /// <exception cref="PlanException">There is no such job.</exception>
    internal static IReadOnlyList<Job> Find(Pipeline pipeline, string name)
    {
        Job[] found = [.. pipeline.Jobs.Where(job => Matches(job.Name, name) || (job.Stage is { } stage && Matches(stage.Name, name)))];
        return found.Length > 0
            ? found
            : throw new PlanException($"The pipeline '{pipeline.Name}' has no job and no stage '{name}'. It has: {string.Join(", ", pipeline.Jobs.Take(50).Select(job => job.Name))}{(pipeline.Jobs.Length > 50 ? ", …" : "")}.");
    }

    private static bool Matches(string name, string pattern) => pattern.Contains('*', StringComparison.Ordinal)
        ? System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true)
        : string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase);
}

namespace DevOps.Pipelines;

/// <summary>Finds jobs by what a person typed: a job's name, a stage's name, or a pattern with <c>*</c>.</summary>
internal sealed class JobNames
{
    private readonly Pipeline _pipeline;
    private readonly ILookup<string, Job> _byName;
    private readonly ILookup<string, Job> _byStage;

    internal JobNames(Pipeline pipeline)
    {
        _pipeline = pipeline;
        _byName = pipeline.Jobs.ToLookup(job => job.Name, StringComparer.OrdinalIgnoreCase);
        _byStage = pipeline.Jobs.Where(job => job.Stage is not null).ToLookup(job => job.Stage!.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <exception cref="PlanException">There is no such job.</exception>
    internal static IReadOnlyList<Job> Find(Pipeline pipeline, string name) => new JobNames(pipeline).Find([name]);

    /// <summary>Returns the jobs of all names, each name's in the order they were added.</summary>
    /// <exception cref="PlanException">Some name nothing; tells all of these.</exception>
    internal List<Job> Find(IReadOnlyList<string> names)
    {
        List<Job> found = [];
        List<string> unknown = [];
        foreach (string name in names)
        {
            int before = found.Count;
            if (name.Contains('*', StringComparison.Ordinal))
            {
                found.AddRange(_pipeline.Jobs.Where(job => Matches(job.Name, name) || (job.Stage is { } stage && Matches(stage.Name, name))));
            }
            else
            {
                found.AddRange(_byName[name]);
                found.AddRange(_byStage[name]);
            }

            if (found.Count == before)
            {
                unknown.Add($"'{name}'{SimilarNames.Hint(name, _pipeline.Jobs.Select(job => job.Name).Concat(_pipeline.Stages.Select(stage => stage.Name)))}");
            }
        }

        return unknown.Count == 0
            ? found
            : throw new PlanException($"The pipeline '{_pipeline.Name}' has no job and no stage {string.Join(" nor ", unknown)}. It has: {string.Join(", ", _pipeline.Jobs.Take(50).Select(job => job.Name))}{(_pipeline.Jobs.Length > 50 ? ", …" : "")}.");
    }

    private static bool Matches(string name, string pattern) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
}

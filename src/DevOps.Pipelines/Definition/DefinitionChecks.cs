namespace DevOps.Pipelines;

/// <summary>Finds what is wrong with the parts of a pipeline, the graph aside.</summary>
internal static class DefinitionChecks
{
    internal static IEnumerable<string> FindProblems(PipelineBuilder pipeline)
    {
        foreach (IGrouping<string, Job> same in pipeline.Jobs.GroupBy(job => job.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"{same.Count()} jobs are named '{same.Key}'; names are unique, whatever their case";
        }

        HashSet<string> jobs = new(pipeline.Jobs.Select(job => job.Name), StringComparer.OrdinalIgnoreCase);
        foreach (IGrouping<string, Stage> same in pipeline.Stages.GroupBy(stage => stage.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (same.Count() > 1)
            {
                yield return $"{same.Count()} stages are named '{same.Key}'; names are unique, whatever their case";
            }

            if (jobs.Contains(same.Key))
            {
                yield return $"'{same.Key}' is the name of a stage and of a job; a run could not be asked for either";
            }
        }

        foreach (IGrouping<string, Parameter> same in pipeline.Parameters.GroupBy(parameter => ParameterNames.Normalize(parameter.Name)).Where(group => group.Count() > 1))
        {
            yield return $"{same.Count()} parameters are named {string.Join(" and ", same.Select(parameter => $"'{parameter.Name}'"))}; case, '-' and '_' do not tell them apart";
        }

        foreach (IGrouping<string, ResourceGroupUse> group in pipeline.Jobs.SelectMany(job => job.Settings.Groups).GroupBy(group => group.Name, StringComparer.Ordinal))
        {
            ResourceGroupMode[] modes = [.. group.Select(use => use.Mode).Distinct()];
            if (modes.Length > 1)
            {
                yield return $"the resource group '{group.Key}' is used as {string.Join(" and as ", modes)}; all its jobs must name the same mode";
            }
        }

        foreach (Job job in pipeline.Jobs)
        {
            if (job.Settings.HoldsResources && job.Kind is JobKind.Approval or JobKind.Group)
            {
                yield return $"'{job.Name}' is {(job.Kind == JobKind.Approval ? "an approval" : "a group of jobs")} and holds nothing while it waits; put its locks, limits and resource groups on the jobs that do the work";
            }

            if (job is { Kind: JobKind.Approval, Settings.CachedBy: not null })
            {
                yield return $"'{job.Name}' is an approval, and what was approved once would be taken for approved for ever: do not cache it";
            }

            if (job is { Kind: JobKind.Approval, Settings.Retry: not null })
            {
                yield return $"'{job.Name}' is an approval, and who rejected it would be asked again: do not try it again";
            }

            if (job.Settings.Retry is { MaxRetries: > 0, On: Failure.None, ExitCodes.IsDefaultOrEmpty: true, When: null })
            {
                yield return $"'{job.Name}' is tried again after no failure at all; say after which";
            }

            foreach (JobEdge edge in job.Edges.Where(edge => edge.Job.Settings.IsFinal && !job.Settings.IsFinal))
            {
                yield return $"'{job.Name}' waits for '{edge.Job.Name}', which runs at the very end; only jobs that run at the end can wait for it";
            }

            if (job is { Settings.IsFinal: true, Stage: { } stage })
            {
                yield return $"'{job.Name}' runs at the very end and is in the stage '{stage.Name}'; it can be one of both";
            }
        }
    }

    internal static IEnumerable<string> FindRemarks(IEnumerable<Job> jobs)
    {
        foreach (Job job in jobs.Where(job => job is { ResultType: not null, Codec: null, Settings.RerunsOnResume: false }))
        {
            yield return $"a resumed run runs '{job.Name}' again when a job that needs it has yet to run: its result, a {job.ResultType!.Name}, cannot be written to the journal without WithResult(JsonTypeInfo)";
        }
    }
}

namespace DevOps.Pipelines;

/// <summary>Finds what is wrong with a graph of jobs.</summary>
internal static class GraphChecks
{
    internal static IEnumerable<string> FindProblems(IReadOnlyList<Job> jobs)
    {
        foreach (IGrouping<string, Job> same in jobs.GroupBy(job => job.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"{same.Count()} jobs are named '{same.Key}'; names are unique, whatever their case";
        }

        foreach (List<string> cycle in FindCycles(jobs))
        {
            yield return $"jobs need each other in a circle: {string.Join(" -> ", cycle)}";
        }
    }

    // Iterative, because a long chain of jobs must not exhaust the stack.
    private static IEnumerable<List<string>> FindCycles(IReadOnlyList<Job> jobs)
    {
        HashSet<Job> done = [];
        foreach (Job start in jobs)
        {
            List<(Job Job, int Next)> path = [(start, 0)];
            HashSet<Job> onPath = [start];
            while (path.Count > 0)
            {
                (Job job, int next) = path[^1];
                if (done.Contains(job) || next == job.NeededJobs.Count)
                {
                    done.Add(job);
                    onPath.Remove(job);
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                path[^1] = (job, next + 1);
                Job needed = job.NeededJobs[next];
                if (!onPath.Add(needed))
                {
                    yield return [.. path.SkipWhile(step => step.Job != needed).Select(step => step.Job.Name), needed.Name];
                    continue;
                }

                path.Add((needed, 0));
            }
        }
    }
}

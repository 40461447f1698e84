using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes a plan as trees. Its own stack, because a long chain of jobs must not exhaust the thread's; its work and memory are those of the lines.</summary>
internal static class PlanTree
{
    private const int MaxDepth = 200;

    internal static string Write(PipelinePlan plan, PlanTreeOptions options)
    {
        (string branch, string last, string line) = options.Characters == TreeCharacters.Ascii ? ("+- ", "`- ", "|  ") : ("├─ ", "└─ ", "│  ");
        Dictionary<string, PlannedJob> jobs = plan.Jobs.ToDictionary(job => job.Name, StringComparer.OrdinalIgnoreCase);
        HashSet<string> below = new(plan.Jobs.SelectMany(job => job.Needs.Concat(job.After)), StringComparer.OrdinalIgnoreCase);
        HashSet<string> shown = new(StringComparer.OrdinalIgnoreCase);
        StringBuilder text = new();
        text.Append(plan.Pipeline).Append('\n');
        int lines = 1;
        Stack<Entry> open = new(plan.Jobs.Where(job => !below.Contains(job.Name)).Reverse().Select((job, index) => new Entry(job, "", index == 0, false, 0)));
        while (lines < options.MaxLines && open.TryPop(out Entry at))
        {
            bool isFirst = shown.Add(at.Job.Name);
            int count = at.Job.Needs.Length + at.Job.After.Length;
            bool isCut = isFirst && count > 0 && at.Depth >= MaxDepth;
            text.Append(at.Prefix).Append(at.IsLast ? last : branch).Append(at.IsOrder ? $"({at.Job.Name})" : at.Job.Name).Append(Marks(at.Job));
            text.Append(!isFirst && count > 0 ? " (see above)\n" : isCut ? " …\n" : "\n");
            lines++;
            if (!isFirst || isCut)
            {
                continue;
            }

            string prefix = at.Prefix + (at.IsLast ? "   " : line);
            for (int i = count - 1; i >= 0; i--)
            {
                bool isOrder = i >= at.Job.Needs.Length;
                string name = isOrder ? at.Job.After[i - at.Job.Needs.Length] : at.Job.Needs[i];
                if (jobs.TryGetValue(name, out PlannedJob? other))
                {
                    open.Push(new(other, prefix, i == count - 1, isOrder, at.Depth + 1));
                }
            }
        }

        if (shown.Count < plan.Jobs.Length)
        {
            text.Append("… and ").Append(plan.Jobs.Length - shown.Count).Append(" more jobs\n");
        }

        return text.ToString();
    }

    private static string Marks(PlannedJob job)
    {
        string condition = job.SkipReason is not null ? $"skipped: {OneLine(job.SkipReason)}" :
            job.OpenConditions.Length > 0 ? $"only if {OneLine(string.Join(" and ", job.OpenConditions))}" :
            "";
        string marks = string.Join("; ", ((string[])[job.When, condition]).Where(mark => mark.Length > 0));
        return $"{(job.Stage is { } stage ? $" [{OneLine(stage)}]" : "")}{(marks.Length > 0 ? $" - {marks}" : "")}";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private readonly record struct Entry(PlannedJob Job, string Prefix, bool IsLast, bool IsOrder, int Depth);
}

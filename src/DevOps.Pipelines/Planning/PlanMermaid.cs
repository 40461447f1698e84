using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes a plan as a flow chart of Mermaid. Names are text and never syntax.</summary>
internal static class PlanMermaid
{
    internal static string Write(PipelinePlan plan)
    {
        StringBuilder text = new("flowchart LR\n");
        Dictionary<string, int> ids = new(StringComparer.OrdinalIgnoreCase);
        foreach (PlannedJob job in plan.Jobs)
        {
            ids.Add(job.Name, ids.Count + 1);
        }

        foreach (PlannedJob job in plan.Jobs.Where(job => job.Stage is null))
        {
            Node(text, "  ", job, ids[job.Name]);
        }

        for (int stage = 0; stage < plan.Stages.Length; stage++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  subgraph s{stage + 1}[\"{Escape(plan.Stages[stage])}\"]\n");
            foreach (PlannedJob job in plan.Jobs.Where(job => job.Stage == plan.Stages[stage]))
            {
                Node(text, "    ", job, ids[job.Name]);
            }

            text.Append("  end\n");
        }

        for (int stage = 1; stage < plan.Stages.Length; stage++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  s{stage} ==> s{stage + 1}\n");
        }

        foreach (PlannedJob job in plan.Jobs)
        {
            foreach (string need in job.Needs.Where(ids.ContainsKey))
            {
                text.Append(CultureInfo.InvariantCulture, $"  j{ids[need]} --> j{ids[job.Name]}\n");
            }

            foreach (string other in job.After.Where(ids.ContainsKey))
            {
                text.Append(CultureInfo.InvariantCulture, $"  j{ids[other]} -.-> j{ids[job.Name]}\n");
            }
        }

        return plan.Jobs.Any(job => job.SkipReason is not null) ? text.Append("  classDef skipped stroke-dasharray: 4 4\n").ToString() : text.ToString();
    }

    private static void Node(StringBuilder text, string indent, PlannedJob job, int id)
    {
        text.Append(indent).Append(CultureInfo.InvariantCulture, $"j{id}[\"{Escape(job.Name)}");
        if (job.When.Length > 0)
        {
            text.Append("<br/>").Append(Escape(job.When));
        }

        if (job.SkipReason is { } reason)
        {
            text.Append("<br/>skipped: ").Append(Escape(reason));
        }
        else if (job.OpenConditions.Length > 0)
        {
            text.Append("<br/>only if ").Append(Escape(string.Join(" and ", job.OpenConditions)));
        }

        text.Append(job.SkipReason is null ? "\"]\n" : "\"]:::skipped\n");
    }

    // Letters, digits and a few marks stand for themselves everywhere in a label; all else is written as its number.
    private static string Escape(string value)
    {
        StringBuilder text = new();
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || " .,:/-+_=()[]".Contains((char)Math.Min(rune.Value, char.MaxValue), StringComparison.Ordinal))
            {
                text.Append(rune.ToString());
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
            }
        }

        return text.ToString();
    }
}

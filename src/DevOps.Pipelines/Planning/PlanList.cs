using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes a plan as a list.</summary>
internal static class PlanList
{
    internal static string Write(PipelinePlan plan)
    {
        StringBuilder text = new();
        int skipped = plan.Jobs.Count(job => job.SkipReason is not null);
        text.Append(plan.Pipeline).Append(": ").Append(plan.Jobs.Length).Append(plan.Jobs.Length == 1 ? " job" : " jobs");
        text.Append(skipped > 0 ? $", {skipped} of them skipped\n" : "\n");
        int number = 0;
        foreach (PlannedJob job in plan.Jobs)
        {
            text.Append(++number).Append(". ").Append(job.Name).Append('\n');
            Detail(text, "", job.Description);
            Detail(text, "stage: ", job.Stage);
            Detail(text, "needs: ", Joined(job.Needs));
            Detail(text, "after: ", Joined(job.After));
            Detail(text, "", job.When);
            Detail(text, "why: ", job.Why);
            Detail(text, "skipped: ", job.SkipReason);
            foreach (string condition in job.SkipReason is null ? job.OpenConditions : [])
            {
                Detail(text, "only if, as the run will tell: ", condition);
            }
        }

        return text.ToString();
    }

    private static string? Joined(IReadOnlyList<string> names) => names.Count == 0 ? null : string.Join(", ", names);

    private static void Detail(StringBuilder text, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append("     ").Append(label).Append(string.Join(' ', value.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))).Append('\n');
        }
    }
}

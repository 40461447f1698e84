namespace DevOps.Pipelines;

/// <summary>Draws what jobs need as a tree. What was drawn before is not drawn again, so the tree is no longer than the graph.</summary>
internal static class JobTree
{
    internal static IEnumerable<string> Lines(IEnumerable<Job> roots)
    {
        HashSet<Job> drawn = [];
        Stack<(Job Job, string Indent, string Branch, string Below)> open = new(roots.Reverse().Select(job => (job, "", "", "")));
        while (open.TryPop(out (Job Job, string Indent, string Branch, string Below) next))
        {
            Job job = next.Job;
            bool isNew = drawn.Add(job);
            yield return $"{next.Indent}{next.Branch}{ViewText.Line(job.Name)}{(isNew || job.Needed.IsEmpty ? "" : " (as above)")}";
            for (int i = job.Needed.Length - 1; isNew && i >= 0; i--)
            {
                bool isLast = i == job.Needed.Length - 1;
                open.Push((job.Needed[i], next.Indent + next.Below, isLast ? "└─ " : "├─ ", isLast ? "   " : "│  "));
            }
        }
    }
}

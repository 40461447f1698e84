namespace DevOps.Pipelines;

/// <summary>Where a symbolic link leads, followed name by name as a system does, and never out of a root.</summary>
/// <param name="Target">The link's own text.</param>
/// <param name="Path">What it leads to in the end, from the root; it need not be there.</param>
/// <param name="Escape">Why it may not be kept, as the end of a sentence; <see langword="null"/> if it may.</param>
internal sealed record LinkEnd(string Target, string Path, string? Escape)
{
    private const int MaxHops = 40;

    /// <summary>Follows a link. The names of a target alone do not tell: one of them can be a link, and a <c>..</c> behind it starts elsewhere.</summary>
    /// <param name="root">The root's full path.</param>
    /// <param name="path">The link's path from the root; its directories are no links.</param>
    /// <param name="target">The link's text.</param>
    internal static LinkEnd Of(string root, string path, string target)
    {
        List<string> at = [.. path.Split('/')[..^1]];
        Stack<string> ahead = new();
        string? next = target;
        bool isMissing = false;
        for (int hops = 1; ;)
        {
            if (next is not null)
            {
                if (System.IO.Path.IsPathRooted(next) || next.StartsWith('/'))
                {
                    return new(target, "", $"it is a symbolic link to '{target}', which is absolute, so that it leads elsewhere on another machine");
                }

                foreach (string name in (OperatingSystem.IsWindows() ? next.Replace('\\', '/') : next).Split('/').Reverse())
                {
                    ahead.Push(name);
                }
            }

            next = null;
            if (!ahead.TryPop(out string? step))
            {
                return new(target, string.Join('/', at), null);
            }

            if (step is "" or ".")
            {
                continue;
            }

            if (step == "..")
            {
                if (at.Count == 0)
                {
                    return new(target, "", $"it is a symbolic link to '{target}', which leads out of the root");
                }

                if (isMissing)
                {
                    // Whatever comes to be there, a link perhaps, decides where this leads.
                    return new(target, "", $"it is a symbolic link to '{target}', which leads back out of '{string.Join('/', at)}', which is not there");
                }

                at.RemoveAt(at.Count - 1);
                continue;
            }

            at.Add(step);
            string here = System.IO.Path.Join(root, string.Join('/', at));
            next = new FileInfo(here).LinkTarget;
            isMissing |= next is null && !System.IO.Path.Exists(here);
            if (next is not null)
            {
                at.RemoveAt(at.Count - 1);
                if (++hops > MaxHops)
                {
                    return new(target, "", $"it is a symbolic link to '{target}' that leads round in a loop");
                }
            }
        }
    }
}

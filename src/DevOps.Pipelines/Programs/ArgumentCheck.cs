namespace DevOps.Pipelines;

/// <summary>Checks that what was said on a command line goes together.</summary>
internal sealed class ArgumentCheck(ProgramArguments read, HashSet<string> seen, List<string> words)
{
    private static readonly string[] ViewOptions = ["json"];

    /// <exception cref="UsageException">It does not.</exception>
    internal ProgramArguments Complete()
    {
        if (read.Command == ProgramCommand.Help)
        {
            return read;
        }

        ProgramArguments complete = words.Count > 0 && read.Command == ProgramCommand.Run ? FindCommand() : read with { Only = read.Only.AddRange(words) };
        switch (complete.Command)
        {
            case ProgramCommand.Run:
                Refuse(["max", "by", "group", "comment", "input"], "goes with 'runs', 'approve' or 'reject'");
                if (complete is { Resumes: true, From: null } && (complete.Only.Length > 0 || complete.Skip.Length > 0 || complete.WhatIsNeeded is not null))
                {
                    throw new UsageException("A resumed run takes in the jobs it began with: leave out what selects jobs, or give '--from' to restart.");
                }

                if (complete is { KeepsNothing: true } and ({ Resumes: true } or { From: not null } or { AtApproval: AtApproval.Leave }))
                {
                    throw new UsageException("'--no-store' does not go with '--resume', '--from' or '--leave-at-approval': they need the store.");
                }

                if (complete is { Resumes: true } or { From: not null })
                {
                    Refuse(["params", "profile"], "does not go with '--resume' or '--from': the run has its parameters");
                }

                break;
            case ProgramCommand.List or ProgramCommand.Plan or ProgramCommand.Tree or ProgramCommand.Mermaid or ProgramCommand.DryRun:
                Refuse(["resume", "from", "in-doubt", "max", "by", "group", "comment", "input"], "does not go with a command that runs nothing");
                break;
            default:
                RefuseAllBut(complete.Command switch
                {
                    ProgramCommand.Runs => ["max", .. ViewOptions],
                    ProgramCommand.Show or ProgramCommand.Explain => ViewOptions,
                    ProgramCommand.Version => ["version"],
                    _ => ["by", "group", "comment", "input"],
                });
                break;
        }

        return complete;
    }

    private ProgramArguments FindCommand() => words[0] switch
    {
        "runs" => Take(ProgramCommand.Runs, 0, "runs"),
        "show" => Take(ProgramCommand.Show, 1, "show RUN"),
        "explain" => Take(ProgramCommand.Explain, 2, "explain RUN JOB"),
        "approve" => Take(ProgramCommand.Approve, 2, "approve RUN JOB", least: 1),
        "reject" => Take(ProgramCommand.Reject, 2, "reject RUN JOB", least: 1),
        _ => read with { Only = read.Only.AddRange(words) },
    };

    // What is missing of a decision is told with what waits.
    private ProgramArguments Take(ProgramCommand command, int count, string usage, int? least = null) => words.Count - 1 <= count && words.Count - 1 >= (least ?? count)
        ? read with { Command = command, RunId = count > 0 ? words[1] : null, Job = words.Count > 2 ? words[2] : "" }
        : throw new UsageException($"The command is '{usage}'; it was given {words.Count - 1} words. A job of that name runs with '--only {words[0]}'.");

    private void Refuse(ReadOnlySpan<string> names, string why)
    {
        foreach (string name in names)
        {
            if (seen.Contains(name))
            {
                throw new UsageException($"'--{name}' {why}.");
            }
        }
    }

    private void RefuseAllBut(string[] names)
    {
        if (seen.FirstOrDefault(name => !names.Contains(name)) is { } wrong)
        {
            throw new UsageException($"'--{wrong}' does not go with '{(words.Count > 0 ? words[0] : "--version")}'.");
        }
    }
}

namespace DevOps.Pipelines;

/// <summary>Tells how a program is used.</summary>
internal static class HelpText
{
    internal static IEnumerable<string> Lines(ProgramCalls calls)
    {
        string[] head =
        [
            $"usage: {calls.Command} [options] [job ...]",
            $"       {calls.Command} runs [--max N] | show RUN | explain RUN JOB | approve RUN JOB | reject RUN JOB",
            "",
            "Runs the whole pipeline, or the named jobs and stages and all that they need; * stands for any characters.",
            "",
            "  --only NAME           as a name without option",
            "  --without-needs       leave out what the named jobs need",
            "  --skip NAME           leave a job or a stage out",
            "  --list                list the jobs",
            "  --tree                show what each job needs",
            "  --mermaid             write the graph as a Mermaid flowchart",
            "  --plan                show what would run, and why",
            "  --dry-run             the same with the values of the parameters, which are checked",
            "  --param NAME=VALUE    give a parameter; --NAME VALUE does so too",
            "  --params FILE         read parameters from a JSON file; --profile NAME takes those of a profile of it",
            "  --resume [RUN]        go on with a run that did not end; the last one if none is named",
            "  --from JOB|STAGE      run again from there, with the other results of the last run that ended, or of --resume RUN;",
            "                        'failed' is all that did not end well",
            "  --in-doubt ANSWER     on a resume: 'rerun' or 'fail' jobs of which nobody knows how they ended",
            "  --parallel N          run so many jobs at once at most",
            "  --fail-fast           stop the other jobs when one fails",
            "  --timeout TIME        stop the run after a time, as 90s, 30m, 2h",
            "  --leave-at-approval   end when all that is left waits for approvals",
            "  --no-store            do not write the run down",
            "  --plain               show the run as lines, also at a terminal; output of processes is shown of jobs that failed",
            "  --verbose             the same with the output of all processes, as it comes",
            "  --quiet               show only what failed or is unstable, with its output, approvals and the summary",
            "  --json                write the run as one JSON object a line; of other commands one document",
            .. calls.Options.Version is null ? (string[])[] : ["  --version             tell the version"],
            "",
            "RUN is the name of a run, the beginning of one, or 'last'.",
            "approve and reject take --by NAME, --group NAME (for each group that the person is in), --comment TEXT and --input NAME=VALUE.",
            "Names are not verified: whoever can write to the store of the runs can decide.",
            "Exit codes: 0 success, 1 failure, 2 wrong usage, 3 left waiting for an approval, 130 cancelled.",
        ];
        return calls.Pipeline.Parameters.IsEmpty ? head : [.. head, "", "Parameters, each with its environment variable:", .. calls.Pipeline.Parameters.Select(parameter => Line(calls, parameter))];
    }

    private static string Line(ProgramCalls calls, Parameter parameter)
    {
        string name = $"--{ViewText.Line(parameter.Name)}";
        string[] facts =
        [
            parameter.Kind,
            ProgramParameters.VariableOf(calls, parameter),
            .. parameter.Choices.IsEmpty ? (string[])[] : [$"one of {string.Join(", ", parameter.Choices.Select(ViewText.Line))}"],
            .. parameter.IsRequired ? ["required"] : parameter.DefaultText is { } text ? (string[])[$"default {ViewText.Line(text)}"] : [],
        ];
        return $"  {name.PadRight(20)}  {ViewText.FirstLine(parameter.Description)} ({string.Join("; ", facts)})";
    }
}

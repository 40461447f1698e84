using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Shows the pipeline, and what a run of it would do. Nothing is run.</summary>
internal static class PlanCommand
{
    internal static async Task<int> ListAsync(ProgramContext context)
    {
        Job[] jobs = Asked(context);
        if (context.IsJson)
        {
            await context.WriteLinesAsync([ProgramJson.List(context.Pipeline, jobs)]).ConfigureAwait(false);
            return ProgramExit.Success;
        }

        string[] names = [.. jobs.Select(job => ViewText.Line(job.Name))];
        string[] stages = [.. jobs.Select(job => job.Stage is { } stage ? $"[{ViewText.Line(stage.Name)}]" : "")];
        int nameWidth = Width(names);
        int stageWidth = Width(stages);
        await context.WriteLinesAsync(jobs.Select((job, i) => $"{names[i].PadRight(nameWidth)}  {stages[i].PadRight(stageWidth)}{(stageWidth > 0 ? "  " : "")}{Told(job)}".TrimEnd())).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> TreeAsync(ProgramContext context)
    {
        ThrowIfJson(context, "--tree");
        await context.WriteLinesAsync([Planner.Outline(context.Pipeline, Asked(context)).ToTreeText().TrimEnd('\n')]).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> MermaidAsync(ProgramContext context)
    {
        ThrowIfJson(context, "--mermaid");
        await context.WriteLinesAsync([Planner.Outline(context.Pipeline, Asked(context)).ToMermaid().TrimEnd('\n')]).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    internal static async Task<int> PlanAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        RunOptions options = await ProgramParameters.ReadAsync(context, RunCommand.Options(context), cancellationToken).ConfigureAwait(false);
        bool isDry = context.Arguments.Command == ProgramCommand.DryRun;
        if (isDry)
        {
            // All that a run checks of its parameters before it starts, the length of secrets included.
            ParameterValues values = await ParameterResolver.ResolveAsync(context.Pipeline, options, cancellationToken).ConfigureAwait(false);
            values.HideSecrets(new());
        }

        PipelinePlan plan = context.Pipeline.Plan(options);
        RequiredResults.Check(context, options);
        ImmutableDictionary<string, string> shown = isDry ? Shown(context.Pipeline, options) : ImmutableDictionary<string, string>.Empty;
        if (context.IsJson)
        {
            await context.WriteLinesAsync([ProgramJson.Plan(plan, shown)]).ConfigureAwait(false);
            return ProgramExit.Success;
        }

        List<string> lines = [];
        string[] names = [.. plan.Jobs.Select(job => $"{ViewText.Line(job.Name)}{(job.Stage is { } stage ? $" [{ViewText.Line(stage)}]" : "")}")];
        int width = Width(names);
        foreach ((int i, PlannedJob job) in plan.Jobs.Index())
        {
            lines.Add($"{names[i].PadRight(width)}  {(job.SkipReason is { } skipped ? $"is skipped: {ViewText.Line(skipped)}" : ViewText.Line(job.Why))}");
            Add(lines, job.When, job.When.Length > 0 ? [""] : []);
            Add(lines, "needs", job.Needs);
            Add(lines, "after", job.After);
            Add(lines, "only if", job.OpenConditions);
        }

        if (isDry)
        {
            lines.Add("");
            lines.AddRange(shown.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{ViewText.Line(pair.Key)} = {ViewText.Line(pair.Value)}"));
            lines.Add($"{EventLines.Counted(plan.Jobs.Count(job => job.SkipReason is null))} would run; nothing was run.");
        }

        await context.WriteLinesAsync(lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }

    private static void Add(List<string> lines, string word, ImmutableArray<string> names)
    {
        if (!names.IsEmpty)
        {
            lines.Add($"    {word} {string.Join(", ", names.Select(ViewText.Line))}".TrimEnd());
        }
    }

    // What was given and what it is else; of a secret only that it is there.
    private static ImmutableDictionary<string, string> Shown(Pipeline pipeline, RunOptions options)
    {
        ImmutableDictionary<string, string>.Builder shown = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (Parameter parameter in pipeline.Parameters)
        {
            string? given = options.Parameters.Where(pair => ParameterNames.Normalize(pair.Key) == ParameterNames.Normalize(parameter.Name)).Select(pair => pair.Value).FirstOrDefault();
            if ((given is null ? parameter.DefaultText : parameter.IsSecret ? "(secret)" : given) is { } text)
            {
                shown[parameter.Name] = text;
            }
        }

        return shown.ToImmutable();
    }

    private static Job[] Asked(ProgramContext context) => context.Arguments.Only.IsEmpty
        ? [.. context.Pipeline.Jobs]
        : [.. context.Arguments.Only.SelectMany(name => JobNames.Find(context.Pipeline, name)).Distinct()];

    private static string Told(Job job)
    {
        string facts = ViewText.Line(string.Join("; ", JobFacts.Of(job)));
        return $"{ViewText.FirstLine(job.Description)}{(facts.Length == 0 ? "" : $"{(job.Description is null ? "" : " ")}({facts})")}";
    }

    private static int Width(string[] texts) => texts.Select(text => Math.Min(text.Length, 40)).DefaultIfEmpty(0).Max();

    private static void ThrowIfJson(ProgramContext context, string option)
    {
        if (context.IsJson)
        {
            throw new UsageException($"'{option}' does not go with '--json': '--list --json' has what each job needs.");
        }
    }
}

namespace DevOps.Pipelines;

/// <summary>Runs the pipeline, or goes on with a run.</summary>
internal static class RunCommand
{
    internal static async Task<int> RunAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        ProgramArguments arguments = context.Arguments;
        RunOptions options = await ProgramParameters.ReadAsync(context, Options(context), cancellationToken).ConfigureAwait(false);
        if (context.Keeps)
        {
            if (context.Calls.Options.Run.Store is null)
            {
                ProgramState.Prepare(context.Calls);
            }

            options = options with { Store = context.Store };
        }

        options = options with { Artifacts = options.Artifacts ?? new ProgramArtifacts(context.Calls) };
        RequiredResults.Check(context, options);

        bool asks = !context.IsJson && options.AtApproval == AtApproval.Wait && context.Terminal is { IsInteractive: true, Input: not null };
        ViewOptions shown = context.ViewOptions with { TellsOfLeaving = !asks && context.Keeps && options.AtApproval == AtApproval.Wait };
        using PipelineView? view = context.IsJson ? null : View(context, shown);
        ApprovalPrompt? prompt = view is not null && asks ? new(context, view) : null;
        IProgress<PipelineEvent>?[] watchers = [view is null ? new EventJson(context.Terminal.Output) : view, prompt, options.Progress];
        options = options with { Progress = new ProgramProgress([.. watchers.OfType<IProgress<PipelineEvent>>()]) };

        using SignalStop stop = new(context.Calls.Options.Signals, context.Terminal.Error.WriteLine, cancellationToken);
        if (context.Calls.Options.Starting is { } starting)
        {
            await starting(stop.Token).ConfigureAwait(false);
        }

        PipelineRun run = await StartAsync(context, options, stop.Token).ConfigureAwait(false);
        using CancellationTokenSource ended = new();
        Task asking = prompt?.AskAsync(run, ended.Token) ?? Task.CompletedTask;
        Task first = await Task.WhenAny(run.Completion, stop.GaveUp).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first != run.Completion)
        {
            context.Calls.WriteError($"gave up waiting: jobs may not have come to their end. Go on with: {context.Calls.Command} --resume {run.Id}");
            return ProgramExit.Cancelled;
        }

        PipelineResult result = await run.Completion.ConfigureAwait(false);
        view?.Dispose();
        return await EndAsync(context, result).ConfigureAwait(false);
    }

    internal static RunOptions Options(ProgramContext context)
    {
        ProgramArguments arguments = context.Arguments;
        RunOptions begin = context.Calls.Options.Run;
        return begin with
        {
            Only = !arguments.Only.IsEmpty ? arguments.Only : arguments.From is null ? begin.Only : [],
            Skip = arguments.From is null ? begin.Skip.AddRange(arguments.Skip) : arguments.Skip,
            WhatIsNeeded = arguments.WhatIsNeeded ?? begin.WhatIsNeeded,
            MaxConcurrency = arguments.Parallel ?? begin.MaxConcurrency,
            AfterFailure = arguments.AfterFailure ?? begin.AfterFailure,
            Timeout = arguments.Timeout ?? begin.Timeout,
            AtApproval = arguments.AtApproval ?? begin.AtApproval,
            InDoubt = arguments.InDoubt is { } answer ? _ => answer : begin.InDoubt,
            Store = context.Keeps ? begin.Store : null,
        };
    }

    private static async Task<PipelineRun> StartAsync(ProgramContext context, RunOptions options, CancellationToken cancellationToken)
    {
        ProgramArguments arguments = context.Arguments;
        Pipeline pipeline = context.Pipeline;
        if (arguments.From is { } from)
        {
            RecordedRun ended = arguments.RunId is null ? await FindAsync(context, hasEnded: true, cancellationToken).ConfigureAwait(false) : await NamedRuns.ReadAsync(context, cancellationToken).ConfigureAwait(false);
            return await pipeline.RestartAsync(ended.RunId, RestartCheck.Check(context, ended, from), options, cancellationToken).ConfigureAwait(false);
        }

        if (!arguments.Resumes)
        {
            return await pipeline.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }

        if (arguments.Parameters.Keys.FirstOrDefault(name => !IsSecret(pipeline, name)) is { } given)
        {
            throw new UsageException($"A resumed run has the parameters it began with: leave out '{ViewText.Line(given)}', or start a new run. Only secrets are given again.");
        }

        string open = arguments.RunId is null ? (await FindAsync(context, hasEnded: false, cancellationToken).ConfigureAwait(false)).RunId : await NamedRuns.FindAsync(context, cancellationToken).ConfigureAwait(false);
        return await pipeline.ResumeAsync(open, options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<RecordedRun> FindAsync(ProgramContext context, bool hasEnded, CancellationToken cancellationToken)
    {
        RunQuery query = new() { Pipeline = context.Pipeline.Name };
        await foreach (RecordedRun run in context.Store.ListRunsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (run.Outcome is not null == hasEnded)
            {
                return run;
            }
        }

        throw new PlanException(hasEnded
            ? $"No run of '{context.Pipeline.Name}' has ended, so there is none to restart. 'runs' lists them."
            : $"Every run of '{context.Pipeline.Name}' has ended, so there is none to resume. 'runs' lists them.");
    }

    private static PipelineView View(ProgramContext context, ViewOptions options)
    {
        TextWriter output = context.Terminal.Output;
        ILogMarkup? markup = context.Calls.Markup;
        return context.Arguments.View switch
        {
            ProgramView.Plain or ProgramView.Verbose => new PlainView(output, options) { Markup = markup },
            ProgramView.Quiet => new QuietView(output, options) { Markup = markup },
            _ when markup is not null => new SectionedView(output, options, markup),
            _ when context.Terminal is { IsInteractive: true, DrawsOver: true } => PipelineView.Live(output, options),
            _ => PipelineView.Plain(output, options),
        };
    }

    private static async Task<int> EndAsync(ProgramContext context, PipelineResult result)
    {
        int exit = ProgramExit.Of(result);
        if (!context.IsJson)
        {
            foreach (JobResult failed in result.RootCauses)
            {
                context.Calls.WriteError($"{failed.Name}: {failed.Reason ?? failed.Outcome.Told()}");
            }

            if (!result.PostErrors.IsEmpty)
            {
                context.Calls.WriteError($"after the run: {result.PostErrors[0].Message}");
            }
        }

        if (result.ProgressError is { } broken)
        {
            context.Calls.WriteError($"the run could not be shown to its end: {broken.Message}");
        }

        bool isOpen = !result.Waiting.IsEmpty || (result.Outcome == Outcome.Cancelled && context.Keeps);
        if (isOpen && !context.IsJson)
        {
            await context.WriteLinesAsync([$"go on with: {context.Calls.Command} --resume {result.RunId}"]).ConfigureAwait(false);
        }

        if (context.Calls.Options.Finished is { } finished && !context.IsJson)
        {
            await finished(result).ConfigureAwait(false);
        }

        return exit;
    }

    private static bool IsSecret(Pipeline pipeline, string name) => pipeline.Parameters.Any(parameter => parameter.IsSecret && ParameterNames.Normalize(parameter.Name) == ParameterNames.Normalize(name));
}

namespace DevOps.Pipelines;

/// <summary>Makes a command line program of a pipeline.</summary>
public static class PipelineProgram
{
    /// <summary>Does what a command line asks for: run the pipeline or parts of it, resume or restart a run, show the plan or earlier runs, decide an approval. <c>--help</c> tells all of it.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="args">The command line.</param>
    /// <param name="terminal">The world around the program.</param>
    /// <param name="options">How; <see cref="ProgramOptions.Default"/> if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops a run as a signal does.</param>
    /// <returns>
    /// The exit code: 0 if the run succeeded, was unstable or had nothing to do; 1 if it failed, took too long, or was refused; 2 if the command line or a parameter is wrong;
    /// 3 if it was left waiting for an approval; 130 if it was cancelled.
    /// </returns>
    /// <remarks>
    /// <para>With <c>--json</c> a run is told as one JSON object a line, one for each event, the last of them with the result; the other commands write one document. Members are only ever added.</para>
    /// <para>Errors go to <see cref="PipelineTerminal.Error"/> in words; none is thrown, whatever the command line says.</para>
    /// </remarks>
    public static async Task<int> RunAsync(this Pipeline pipeline, string[] args, PipelineTerminal terminal, ProgramOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(terminal);
        ProgramContext? context = null;
        ProgramCalls calls = new(pipeline, options ?? ProgramOptions.Default, terminal);
        try
        {
            context = new(calls, new ArgumentReader(pipeline, calls.Options, args).Read());
            return await DoAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UsageException or ParameterException or PlanException or UnmaskableSecretException)
        {
            calls.WriteError(e is ParameterException wrong ? ParameterHints.Told(calls, wrong) : e.Message);
            await terminal.Error.WriteLineAsync($"usage: {calls.Command} [options] [job ...]   (--help tells more)").ConfigureAwait(false);
            return ProgramExit.Usage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            calls.WriteError("cancelled");
            return ProgramExit.Cancelled;
        }
        catch (JobsInDoubtException e)
        {
            string jobs = string.Join(", ", e.Jobs.Select(job => $"'{job.Job}' (attempt {job.Attempt}, {TimeText.WriteTime(job.StartedAt)})"));
            calls.WriteError($"The run is not resumed. These started, and nobody knows how they ended: {jobs}. Look, then say whether to run them again or to count them as failed: '--in-doubt rerun' or '--in-doubt fail'.");
            return ProgramExit.Failure;
        }
        catch (RunEndedException e)
        {
            calls.WriteError($"The run '{e.RunId}' has ended and {e.Outcome.Told()}, so there is nothing to resume. '--from failed' or '--from JOB' with '--resume {e.RunId}' begins a new run with its results.");
            return ProgramExit.Failure;
        }
        catch (Exception e) when (e is DevOpsException or IOException or UnauthorizedAccessException)
        {
            calls.WriteError(e.Message);
            return ProgramExit.Failure;
        }
        catch (Exception e)
        {
            // The end of the program: whoever sits before it is told in words, not with a stack trace.
            calls.WriteError($"{e.GetType().Name}: {e.Message}");
            return ProgramExit.Failure;
        }
    }

    private static Task<int> DoAsync(ProgramContext context, CancellationToken cancellationToken) => context.Arguments.Command switch
    {
        ProgramCommand.Help => WriteAsync(context, HelpText.Lines(context.Calls)),
        ProgramCommand.Version => WriteAsync(context, [context.Calls.Options.Version ?? ""]),
        ProgramCommand.List => PlanCommand.ListAsync(context),
        ProgramCommand.Tree => PlanCommand.TreeAsync(context),
        ProgramCommand.Mermaid => PlanCommand.MermaidAsync(context),
        ProgramCommand.Plan or ProgramCommand.DryRun => PlanCommand.PlanAsync(context, cancellationToken),
        ProgramCommand.Runs => HistoryCommand.RunsAsync(context, cancellationToken),
        ProgramCommand.Show => HistoryCommand.ShowAsync(context, cancellationToken),
        ProgramCommand.Explain => HistoryCommand.ExplainAsync(context, cancellationToken),
        ProgramCommand.Approve or ProgramCommand.Reject => DecideCommand.DecideAsync(context, cancellationToken),
        _ => RunCommand.RunAsync(context, cancellationToken),
    };

    private static async Task<int> WriteAsync(ProgramContext context, IEnumerable<string> lines)
    {
        await context.WriteLinesAsync(lines).ConfigureAwait(false);
        return ProgramExit.Success;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace DevOps.Pipelines;

/// <summary>Makes runs ready and starts them.</summary>
internal static class RunStarter
{
    private static readonly ImmutableDictionary<string, RecordedJob> NoRecords = ImmutableDictionary<string, RecordedJob>.Empty;

    internal static async Task<PipelineRun> StartAsync(Pipeline pipeline, RunOptions options, CancellationToken cancellationToken)
    {
        ParameterValues parameters = await ParameterResolver.ResolveAsync(pipeline, options, cancellationToken).ConfigureAwait(false);
        RunGraph graph = Planner.GraphFor(pipeline, options, parameters);
        Preconditions.Check(pipeline, graph, parameters, NoRecords);
        return await BeginAsync(pipeline, options, parameters, graph, NoRecords, null, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<PipelineRun> RestartAsync(Pipeline pipeline, string runId, RestartFrom from, RunOptions options, CancellationToken cancellationToken)
    {
        IRunStore store = StoreOf(runId, options);
        ArgumentNullException.ThrowIfNull(from);
        RunReplay replay = await RunReplay.ReadAsync(runId, store.ReadAsync(runId, cancellationToken), cancellationToken).ConfigureAwait(false);
        RecordedBeginning beginning = BeginningOf(replay, runId);
        if (replay.Outcome is null)
        {
            // It broke off, or somebody is at work on it: then the lease is held, and this tells by whom.
            IRunJournal held = await store.OpenAsync(runId, cancellationToken).ConfigureAwait(false);
            await held.DisposeAsync().ConfigureAwait(false);
        }

        bool selects = !options.Only.IsEmpty || !options.Skip.IsEmpty;
        options = options with
        {
            Only = selects ? options.Only : beginning.Only,
            Skip = selects ? options.Skip : beginning.Skip,
            WhatIsNeeded = selects ? options.WhatIsNeeded : beginning.WhatIsNeeded,
            Parameters = RestartedParameters(pipeline, runId, beginning, options),
        };
        ParameterValues parameters = await ParameterResolver.ResolveAsync(pipeline, options, cancellationToken).ConfigureAwait(false);
        RunGraph graph = Planner.GraphFor(pipeline, options, parameters);
        ThrowIfChanged(runId, beginning, pipeline, graph);
        HashSet<GraphNode> again = from.JobName is { } name
            ? ResumeSelection.Behind(JobNames.Find(pipeline, name).Select(graph.Find).OfType<GraphNode>())
            : [];
        HashSet<string> groups = new(again.Where(node => node.Job.Kind == JobKind.Group).Select(node => node.Job.Name), StringComparer.OrdinalIgnoreCase);
        Dictionary<string, RecordedJob> good = new(replay.Jobs.Where(job => job.Value.Result.Outcome.IsGood() && !groups.Contains(job.Value.Group ?? "")), StringComparer.OrdinalIgnoreCase);

        // What always runs belongs to each run of its own.
        Dictionary<string, RecordedJob> kept = ResumeSelection.Keep(graph, good, node => again.Contains(node) || node.Job.Settings.RunsAlways);
        Preconditions.Check(pipeline, graph, parameters, kept);
        return await BeginAsync(pipeline, options, parameters, graph, kept, runId, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<PipelineRun> ResumeAsync(Pipeline pipeline, string runId, RunOptions options, CancellationToken cancellationToken)
    {
        IRunStore store = StoreOf(runId, options);
        IRunJournal journal = await store.OpenAsync(runId, cancellationToken).ConfigureAwait(false);
        try
        {
            RunReplay replay = await RunReplay.ReadAsync(runId, journal.ReadAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            RecordedBeginning beginning = BeginningOf(replay, runId);
            if (replay.Outcome is { } outcome)
            {
                throw new RunEndedException(runId, outcome);
            }

            options = options with { RunId = runId, Only = beginning.Only, Skip = beginning.Skip, WhatIsNeeded = beginning.WhatIsNeeded, Parameters = beginning.Parameters };
            ParameterValues parameters = await ParameterResolver.ResolveAsync(pipeline, options, cancellationToken).ConfigureAwait(false);
            RunGraph graph = Planner.GraphFor(pipeline, options, parameters);
            ThrowIfChanged(runId, beginning, pipeline, graph);
            RecordedJob[] failed = [.. Answer(runId, graph, replay, options)];
            Dictionary<string, RecordedJob> kept = ResumeSelection.Keep(graph, replay.Jobs, static _ => false);
            Preconditions.Check(pipeline, graph, parameters, kept);
            RunSetup setup = await SetupAsync(pipeline, options, runId, parameters, graph, kept, journal, cancellationToken).ConfigureAwait(false);
            RunEngine engine = new(setup with { Begun = replay.Begun, Approvals = replay.Approvals });
            await engine.Recorder.ResumedAsync(options.TimeProvider.GetUtcNow()).ConfigureAwait(false);
            foreach (RecordedJob job in failed)
            {
                // What somebody answered is asked once.
                await engine.Recorder.JobFinishedAsync(job).ConfigureAwait(false);
            }

            engine.Begin(cancellationToken);
            return new(engine);
        }
        catch
        {
            await journal.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<PipelineRun> BeginAsync(
        Pipeline pipeline, RunOptions options, ParameterValues parameters, RunGraph graph, IReadOnlyDictionary<string, RecordedJob> kept, string? restartOf, CancellationToken cancellationToken)
    {
        if (options is { AtApproval: AtApproval.Leave, Store: null })
        {
            throw new ArgumentException("A run can only be left at an approval if it has a store to be resumed from.", nameof(options));
        }

        string runId = options.RunId ?? NewRunId(options.TimeProvider);
        RunIds.Check(runId, nameof(options));
        IRunJournal? journal = options.Store is { } store ? await store.CreateAsync(runId, cancellationToken).ConfigureAwait(false) : null;
        try
        {
            RunSetup setup = await SetupAsync(pipeline, options, runId, parameters, graph, kept, journal, cancellationToken).ConfigureAwait(false);
            RunEngine engine = new(setup);
            if (journal is not null)
            {
                // What is taken over stands in this run's journal too: the other run can be deleted. It stands before the beginning, so that a run that began has all of it.
                Task[] taken = [.. kept.Values.Select(engine.Recorder.JobFinishedAsync)];
                await Task.WhenAll(taken).ConfigureAwait(false);

                // Nothing starts before the run is known to be there.
                await engine.Recorder.BeganAsync(setup.StartedAt, restartOf).ConfigureAwait(false);
            }

            engine.Begin(cancellationToken);
            return new(engine);
        }
        catch when (journal is not null)
        {
            await journal.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<RunSetup> SetupAsync(
        Pipeline pipeline, RunOptions options, string runId, ParameterValues parameters, RunGraph graph, IReadOnlyDictionary<string, RecordedJob> kept, IRunJournal? journal, CancellationToken cancellationToken)
    {
        SecretMasker masker = options.Masker ?? new();
        parameters.HideSecrets(masker);
        ThrowIfSecret(pipeline, parameters, masker);
        return new()
        {
            Pipeline = pipeline,
            Options = options,
            RunId = runId,
            StartedAt = options.TimeProvider.GetUtcNow(),
            StartTimestamp = options.TimeProvider.GetTimestamp(),
            Graph = graph,
            Masker = masker,
            Parameters = parameters,
            Workspace = await RunWorkspace.PrepareAsync(options, runId, cancellationToken).ConfigureAwait(false),
            Journal = journal,
            Records = kept,
            Begun = ImmutableDictionary<string, RecordedAttempt>.Empty,
            Approvals = ImmutableDictionary<string, RecordedApproval>.Empty,
            Previous = await PreviousRuns.FindAsync(pipeline, graph, options, runId, cancellationToken).ConfigureAwait(false),
        };
    }

    private static IRunStore StoreOf(string runId, RunOptions options)
    {
        RunIds.Check(runId);
        ArgumentNullException.ThrowIfNull(options);
        return options.Store ?? throw new ArgumentException($"The run '{runId}' can only be found in a store: set RunOptions.Store.", nameof(options));
    }

    private static RecordedBeginning BeginningOf(RunReplay replay, string runId) =>
        replay.Beginning ?? throw new DevOpsException($"The run '{runId}' broke off before anything of it was written down, so it did nothing. Start a new run.");

    private static void ThrowIfChanged(string runId, RecordedBeginning beginning, Pipeline pipeline, RunGraph graph)
    {
        ImmutableArray<string> changes = GraphComparison.Compare(beginning, pipeline.Name, graph);
        if (!changes.IsEmpty)
        {
            throw new PipelineChangedException(runId, changes);
        }
    }

    /// <summary>Asks about jobs in doubt whose policy is to ask; what is to fail is counted as failed.</summary>
    /// <returns>The jobs that whoever was asked counts as failed.</returns>
    private static List<RecordedJob> Answer(string runId, RunGraph graph, RunReplay replay, RunOptions options)
    {
        List<InDoubtJob> open = [];
        List<RecordedJob> failed = [];
        foreach (GraphNode node in graph.Nodes.Where(node => node.Job.Settings.InDoubt == InDoubtPolicy.Ask))
        {
            if (!replay.Begun.TryGetValue(node.Job.Name, out RecordedAttempt? begun))
            {
                continue;
            }

            InDoubtJob job = new(begun.Job, begun.Number, begun.StartedAt);
            switch (options.InDoubt?.Invoke(job) ?? InDoubtAnswer.Refuse)
            {
                case InDoubtAnswer.Rerun:
                    break;
                case InDoubtAnswer.Fail:
                    RecordedJob counted = new(new JobResult { Name = begun.Job, Needs = [], Outcome = Outcome.Failure, CountsAs = Outcome.Failure, StartedAt = begun.StartedAt, Reason = "it had started when the run broke off, and whoever resumed the run counted it as failed" });
                    replay.Jobs[begun.Job] = counted;
                    failed.Add(counted);
                    break;
                default:
                    open.Add(job);
                    break;
            }
        }

        if (open.Count > 0)
        {
            throw new JobsInDoubtException(runId, [.. open]);
        }

        return failed;
    }

    /// <summary>Returns the parameters that the run had. Others would make its results those of something else.</summary>
    private static ImmutableDictionary<string, string> RestartedParameters(Pipeline pipeline, string runId, RecordedBeginning beginning, RunOptions options)
    {
        ParameterIndex names = new(pipeline.Parameters);
        string[] changed = [.. options.Parameters.Where(given => !HadValue(beginning, names.Find(given.Key), given.Value)).Select(given => $"'{given.Key}'")];
        return changed.Length == 0 ? beginning.Parameters : throw new ArgumentException(
            $"The run '{runId}' cannot be restarted with another value of {string.Join(", ", changed)}: the results that it goes on with were made with the old one. Start a new run.", nameof(options));
    }

    private static bool HadValue(RecordedBeginning beginning, Parameter? parameter, string text)
    {
        if (parameter is null)
        {
            return false;
        }

        foreach ((string name, string was) in beginning.Parameters)
        {
            if (ParameterNames.Normalize(name) == ParameterNames.Normalize(parameter.Name))
            {
                return was == text;
            }
        }

        try
        {
            // It was not given, so it had its default.
            return Equals(parameter.Parse(text), parameter.DefaultValue);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // Parameters stand in the journal.
    private static void ThrowIfSecret(Pipeline pipeline, ParameterValues parameters, SecretMasker masker)
    {
        string[] problems = [.. parameters.Texts.Where(text => masker.Mask(text.Value) != text.Value).Select(text => $"'{text.Key}' holds a secret and is no secret itself; add it to the pipeline as one")];
        if (problems.Length > 0)
        {
            throw new ParameterException(pipeline.Name, problems);
        }
    }

    // Two machines may start a run in the same second: the digits keep their runs, and the idempotency keys of their jobs, apart.
    private static string NewRunId(TimeProvider time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
}

using System.Text;

namespace DevOps.Pipelines.Tests;

/// <summary>Jobs that had begun when a run broke off, results that are lost, and stores that fail beside the run.</summary>
public sealed class DoubtTests
{
    private readonly MemoryRunStore _store = new();
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 0, Outcome.Failure)]
    [InlineData(InDoubtAnswer.Refuse, 0, Outcome.Failure)]
    [InlineData(InDoubtAnswer.Fail, 0, Outcome.Failure)]
    [InlineData(InDoubtAnswer.Rerun, 1, Outcome.Success)]
    public async Task ChildOfAGroup_InDoubt_RunsOnlyIfSomebodySaysSo(InDoubtAnswer? answer, int expectedRuns, Outcome outcome)
    {
        int charges = 0;
        List<string> asked = [];
        Job<int> source = _builder.AddJob("source", _ => Task.FromResult(1));
        _builder.AddJobs("group", source, (more, _) => more.AddJob("charge", _ =>
        {
            charges++;
            return Task.CompletedTask;
        }).WithInDoubt(InDoubtPolicy.Ask));
        Pipeline pipeline = _builder.Build();
        await pipeline.RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        MemoryRunStore store = _store.CopyAfter("run", await FindAsync(RecordKind.JobStarted, "charge"));
        charges = 0;
        Func<InDoubtJob, InDoubtAnswer>? ask = answer is null ? null : job =>
        {
            asked.Add(job.Job);
            return answer.Value;
        };
        await using PipelineRun run = await pipeline.ResumeAsync("run", new() { Store = store, InDoubt = ask }, Cancellation);
        PipelineResult result = await run.Completion;
        Assert.Equal((outcome, expectedRuns), (result.Outcome, charges));
        Assert.Equal(answer is null ? [] : ["charge"], asked);
    }

    [Fact]
    public async Task ChildOfAGroup_WithALostResult_RunsAgainForWhoNeedsIt()
    {
        Job<int> source = _builder.AddJob("source", _ => Task.FromResult(1));
        _builder.AddJobs("group", source, (more, _) =>
        {
            Job<StringBuilder> makes = more.AddJob("makes", _ => Task.FromResult(new StringBuilder("x")));
            more.AddJob("reads", makes, (_, text) => Task.FromResult(text.ToString()));
        });
        Pipeline pipeline = _builder.Build();
        await pipeline.RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        int records = await _store.ReadAsync("run", Cancellation).CountAsync(Cancellation);
        for (int kept = 1; kept < records; kept++)
        {
            await using PipelineRun run = await pipeline.ResumeAsync("run", new() { Store = _store.CopyAfter("run", kept) }, Cancellation);
            PipelineResult result = await run.Completion;
            Assert.True(result.Outcome == Outcome.Success, $"after {kept} records: {string.Join(", ", result.Jobs.Select(job => $"{job.Name} {job.Outcome} {job.Reason}"))}");
        }
    }

    [Fact]
    public async Task AnswerFail_IsWrittenDownAndNeverAskedAgain()
    {
        int deploys = 0;
        int rollbacks = 0;
        Job deploy = _builder.AddJob("deploy", _ =>
        {
            deploys++;
            return Task.CompletedTask;
        }).WithInDoubt(InDoubtPolicy.Ask);
        _builder.AddJob("roll back", _ =>
        {
            rollbacks++;
            return Task.CompletedTask;
        }).Needs(deploy).RunsAlways();
        Pipeline pipeline = _builder.Build();
        await pipeline.RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        (deploys, rollbacks) = (0, 0);
        MemoryRunStore store = _store.CopyAfter("run", 2);
        await using (PipelineRun run = await pipeline.ResumeAsync("run", new() { Store = store, InDoubt = _ => InDoubtAnswer.Fail }, Cancellation))
        {
            Assert.Equal(Outcome.Failure, (await run.Completion).Outcome);
        }

        RecordedRun recorded = await store.ReadRunAsync("run", Cancellation);
        Assert.Equal([("deploy", Outcome.Failure), ("roll back", Outcome.Success)], recorded.Jobs.Select(job => (job.Name, job.Outcome)).Order());

        // It broke off before its last record: what was answered stands.
        MemoryRunStore cut = store.CopyAfter("run", await store.ReadAsync("run", Cancellation).CountAsync(Cancellation) - 1);
        await using PipelineRun again = await pipeline.ResumeAsync("run", new() { Store = cut, InDoubt = _ => InDoubtAnswer.Rerun }, Cancellation);
        Assert.Equal(Outcome.Failure, (await again.Completion).Outcome);
        Assert.Equal((0, 1), (deploys, rollbacks));
    }

    [Fact]
    public async Task IdempotencyKey_JobIsRenamedInItsCase_StaysTheSame()
    {
        List<string> keys = [];
        Pipeline Build(string name)
        {
            PipelineBuilder builder = new("ship");
            builder.AddJob(name, job =>
            {
                keys.Add(job.IdempotencyKey);
                return Task.CompletedTask;
            });
            return builder.Build();
        }

        await Build("Deploy").RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        await using PipelineRun run = await Build("deploy").ResumeAsync("run", new() { Store = _store.CopyAfter("run", 2) }, Cancellation);
        await run.Completion;
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PreviousRun_CannotBeRead_IsNoReasonNotToRun(bool isForbidden)
    {
        _builder.AddJob("job", _ => Task.CompletedTask);
        Pipeline pipeline = _builder.WithPost(PostConditions.None.OnChanged(_ => Task.CompletedTask)).Build();
        await pipeline.RunAsync(new() { Store = _store, RunId = "old" }, Cancellation);
        UnreadableStore store = new(_store, isForbidden ? new UnauthorizedAccessException("denied") : new IOException("stale handle"));
        PipelineResult result = await pipeline.RunAsync(new() { Store = store, RunId = "new", MaxConcurrency = 2 }, Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.True(store.Reads > 0);
    }

    private async Task<int> FindAsync(RecordKind kind, string job)
    {
        int records = 0;
        await foreach (ReadOnlyMemory<byte> record in _store.ReadAsync("run", Cancellation))
        {
            records++;
            if (record.Span[0] == (byte)kind && Encoding.UTF8.GetString(record.Span).Contains(job, StringComparison.Ordinal))
            {
                return records;
            }
        }

        throw new InvalidOperationException($"No record {kind} of '{job}'.");
    }

    private sealed class UnreadableStore(MemoryRunStore store, Exception error) : IRunStore
    {
        internal int Reads { get; private set; }

        public Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default) => store.CreateAsync(runId, cancellationToken);

        public Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default) => store.OpenAsync(runId, cancellationToken);

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, CancellationToken cancellationToken = default)
        {
            Reads++;
            throw error;
        }

        public IAsyncEnumerable<RunEntry> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);
    }
}

using System.Collections.Immutable;
using System.Text;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>Decisions that come late, broken, or to a run that was left.</summary>
public sealed class ApprovalDecisionTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly VirtualTimeProvider _clock = new(Monday);
    private readonly MemoryRunStore _store;
    private readonly RecordingProgress<PipelineEvent> _progress = new();
    private readonly PipelineBuilder _builder = new("ship");
    private int _deploys;

    public ApprovalDecisionTests() => _store = new(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ApprovalDecision Yes => new() { By = "mira", Verdict = ApprovalVerdict.Approve };

    [Fact]
    public async Task Left_DecidedAfterwards_IsRefusedAndNothingRuns()
    {
        Pipeline pipeline = Build(new());
        PipelineRun run = await pipeline.StartAsync(Options(AtApproval.Leave), Cancellation);
        PipelineResult left = await EndAsync(run);
        Assert.Single(left.Waiting);
        ApprovalException refused = await Assert.ThrowsAsync<ApprovalException>(() => run.DecideAsync("gate", Yes));
        Assert.Contains("post the decision to the store", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _deploys);

        await _store.DecideAsync("run", "gate", Yes with { At = Monday }, Cancellation);
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", Options(AtApproval.Wait), Cancellation);
        Assert.Equal(Outcome.Success, (await EndAsync(resumed)).Outcome);
        Assert.Equal(1, _deploys);
    }

    [Fact]
    public async Task Left_DecidedWhileTheJournalIsClosed_IsRefusedAndTheRunGoesOnLater()
    {
        Pipeline pipeline = Build(new());
        TaskCompletionSource<PipelineRun> started = new();
        Exception? refused = null;
        ClosingStore closing = new(_store, async () => refused = await Record.ExceptionAsync(async () => await (await started.Task).DecideAsync("gate", Yes)));
        PipelineRun run = await pipeline.StartAsync(Options(AtApproval.Leave) with { Store = closing }, Cancellation);
        started.SetResult(run);
        Assert.Single((await EndAsync(run)).Waiting);
        Assert.IsType<ApprovalException>(refused);
        Assert.Equal(0, _deploys);
        await _store.DecideAsync("run", "gate", Yes with { At = Monday }, Cancellation);
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", Options(AtApproval.Wait), Cancellation);
        Assert.Equal((Outcome.Success, 1), ((await EndAsync(resumed)).Outcome, _deploys));
    }

    [Fact]
    public async Task Left_SeveralDecisionsPosted_AreAllReadBeforeItIsLeftAgain()
    {
        Pipeline pipeline = Build(new() { Quorum = 2 });
        Assert.Single((await EndAsync(await pipeline.StartAsync(Options(AtApproval.Leave), Cancellation))).Waiting);
        await _store.DecideAsync("run", "gate", Yes with { At = Monday }, Cancellation);
        await _store.DecideAsync("run", "gate", Yes with { By = "noor", At = Monday }, Cancellation);

        // One of two is not enough, and the other is there too.
        PipelineResult resumed = await EndAsync(await pipeline.ResumeAsync("run", Options(AtApproval.Leave), Cancellation));
        Assert.Empty(resumed.Waiting);
        Assert.Equal((Outcome.Success, 1), (resumed.Outcome, _deploys));
    }

    [Fact]
    public async Task Left_ApprovalExpires_NothingHappensInTheProcessThatLeft()
    {
        bool clearedUp = false;
        _builder.AddFinally("clear up", _ =>
        {
            clearedUp = true;
            return Task.CompletedTask;
        });
        PipelineRun run = await Build(new() { Within = TimeSpan.FromHours(8) }).StartAsync(Options(AtApproval.Leave), Cancellation);
        Assert.Single((await EndAsync(run)).Waiting);
        Assert.IsType<RunFinished>(_progress.Reports[^1]);
        int told = _progress.Reports.Count;
        int records = await _store.ReadAsync("run", Cancellation).CountAsync(Cancellation);

        _clock.Advance(TimeSpan.FromHours(9));
        run.Cancel();
        Assert.Equal((told, records, false), (_progress.Reports.Count, await _store.ReadAsync("run", Cancellation).CountAsync(Cancellation), clearedUp));
    }

    [Fact]
    public async Task Decision_AfterTheExpiry_IsRefused()
    {
        Pipeline pipeline = Build(new() { Within = TimeSpan.FromHours(8) });
        await pipeline.RunAsync(Options(AtApproval.Leave), Cancellation);
        _clock.Advance(TimeSpan.FromDays(3));
        await _store.DecideAsync("run", "gate", Yes with { At = _clock.GetUtcNow() }, Cancellation);
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", Options(AtApproval.Wait), Cancellation);
        PipelineResult result = await EndAsync(resumed);
        Assert.Equal((Outcome.TimedOut, 0), (result.Outcome, _deploys));
    }

    [Fact]
    public async Task Decision_PostedBeforeTheExpiry_CountsAlsoWhenItIsReadLater()
    {
        Pipeline pipeline = Build(new() { Within = TimeSpan.FromHours(8) });
        await pipeline.RunAsync(Options(AtApproval.Leave), Cancellation);
        await _store.DecideAsync("run", "gate", Yes with { At = Monday.AddHours(7) }, Cancellation);
        _clock.Advance(TimeSpan.FromDays(3));
        await using PipelineRun resumed = await pipeline.ResumeAsync("run", Options(AtApproval.Wait), Cancellation);
        Assert.Equal((Outcome.Success, 1), ((await EndAsync(resumed)).Outcome, _deploys));
    }

    [Fact]
    public async Task Decision_PostedBetweenTheLastLookAndTheExpiry_Counts()
    {
        // Messages are looked for once a second.
        TimeSpan within = TimeSpan.FromSeconds(0.5);
        PipelineRun run = await Build(new() { Within = within }).StartAsync(Options(AtApproval.Wait), Cancellation);
        await _clock.WaitForTimerAsync(length => length == within, Cancellation);
        await _clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(1), Cancellation);
        await _store.DecideAsync("run", "gate", Yes with { At = Monday.AddSeconds(0.4) }, Cancellation);
        _clock.Advance(within);
        Assert.Equal((Outcome.Success, 1), ((await EndAsync(run)).Outcome, _deploys));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"Job":"gate"}""")]
    [InlineData("""{"Job":"gate","Decision":null}""")]
    [InlineData("""{"Decision":{"By":"eve","Verdict":0}}""")]
    [InlineData("""{"Job":"gate","Decision":{"By":"eve","Verdict":99}}""")]
    [InlineData("""{"Job":"gate","Decision":{"By":"eve","Verdict":99,"Groups":[],"Inputs":{}}}""")]
    [InlineData("""{"Job":"gate","Decision":{"By":" ","Verdict":0}}""")]
    [InlineData("""{"Job":"gate","Decision":{"By":"eve","Verdict":0,"Inputs":{"ticket":null}}}""")]
    public async Task Inbox_PoisonMessage_IsRefusedAndOthersAreHeard(string message)
    {
        RecordingLogger logger = new();
        Parameter<int> ticket = Parameter.Create("ticket", ParameterCodecs.Of<int>(), "the ticket");
        Pipeline pipeline = Build(new() { Inputs = [ticket] });
        PipelineRun run = await pipeline.StartAsync(Options(AtApproval.Wait) with { Logger = logger }, Cancellation);
        await _clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(1), Cancellation);
        await _store.PostAsync("run", "0-poison", Encoding.UTF8.GetBytes(message), Cancellation);
        await _store.DecideAsync("run", "gate", Yes with { At = Monday, Inputs = ImmutableDictionary<string, string>.Empty.Add("ticket", "7") }, Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Outcome.Success, 1), ((await EndAsync(run)).Outcome, _deploys));
        Assert.Single(logger.Entries, entry => entry.Contains("0-poison", StringComparison.Ordinal));
        Assert.Equal(["mira"], _progress.Reports.OfType<ApprovalDecided>().Select(decided => decided.Decision.By));
    }

    [Fact]
    public async Task Inbox_MessageWithoutGroupsAndInputs_IsADecision()
    {
        PipelineRun run = await Build(new()).StartAsync(Options(AtApproval.Wait), Cancellation);
        await _clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(1), Cancellation);
        await _store.PostAsync("run", "short", Encoding.UTF8.GetBytes("""{"Job":"gate","Decision":{"By":"mira","Verdict":0}}"""), Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Outcome.Success, 1), ((await EndAsync(run)).Outcome, _deploys));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inbox_ThrowsOnce_IsToldAndAskedAgain(bool atOnce)
    {
        RecordingLogger logger = new();
        FlakyInbox flaky = new(_store) { IsBroken = true, ThrowsAtOnce = atOnce };
        PipelineRun run = await Build(new()).StartAsync(Options(AtApproval.Wait) with { Logger = logger, Store = flaky }, Cancellation);
        await _clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(1), Cancellation);
        Assert.Contains("Warning: Run run: decisions cannot be read: 503 ", logger.Entries);
        flaky.IsBroken = false;
        await _store.DecideAsync("run", "gate", Yes with { At = Monday }, Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Outcome.Success, 1), ((await EndAsync(run)).Outcome, _deploys));
    }

    [Fact]
    public void Build_ApprovalTriedAgainOrCached_IsRefused()
    {
        _builder.AddApproval("first").WithRetry(3);
        _builder.AddApproval("second").CachedBy((_, fingerprint) => fingerprint.WithVersion("1"));
        PipelineDefinitionException error = Assert.Throws<PipelineDefinitionException>(_builder.Build);
        Assert.Contains("'first' is an approval, and who rejected it would be asked again", error.Message, StringComparison.Ordinal);
        Assert.Contains("'second' is an approval, and what was approved once would be taken for approved for ever", error.Message, StringComparison.Ordinal);
    }

    private Pipeline Build(ApprovalOptions options)
    {
        _builder.AddJob("deploy", _ =>
        {
            Interlocked.Increment(ref _deploys);
            return Task.CompletedTask;
        }).Needs(_builder.AddApproval("gate", options));
        return _builder.Build();
    }

    private RunOptions Options(AtApproval atApproval) => new() { Store = _store, RunId = "run", AtApproval = atApproval, TimeProvider = _clock, Progress = _progress };

    private static Task<PipelineResult> EndAsync(PipelineRun run) => run.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

    private class Passing(MemoryRunStore store) : IRunStore
    {
        public virtual Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default) => store.CreateAsync(runId, cancellationToken);

        public Task<IRunJournal> OpenAsync(string runId, CancellationToken cancellationToken = default) => store.OpenAsync(runId, cancellationToken);

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string runId, CancellationToken cancellationToken = default) => store.ReadAsync(runId, cancellationToken);

        public IAsyncEnumerable<RunEntry> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);
    }

    private sealed class FlakyInbox(MemoryRunStore store) : Passing(store), IRunInbox
    {
        private readonly MemoryRunStore _store = store;

        internal bool IsBroken { get; set; }

        internal bool ThrowsAtOnce { get; init; }

        public Task PostAsync(string runId, string messageId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => _store.PostAsync(runId, messageId, message, cancellationToken);

        public IAsyncEnumerable<RunMessage> ReadMessagesAsync(string runId, CancellationToken cancellationToken = default) =>
            !IsBroken ? _store.ReadMessagesAsync(runId, cancellationToken) : ThrowsAtOnce ? throw new HttpRequestException("503") : Throwing();

        private static async IAsyncEnumerable<RunMessage> Throwing()
        {
            await Task.Yield();
            yield return "503".Length > 0 ? throw new HttpRequestException("503") : null!;
        }
    }

    private sealed class ClosingStore(MemoryRunStore store, Func<Task> closing) : Passing(store)
    {
        public override async Task<IRunJournal> CreateAsync(string runId, CancellationToken cancellationToken = default) => new Journal(await base.CreateAsync(runId, cancellationToken), closing);

        private sealed class Journal(IRunJournal journal, Func<Task> closing) : IRunJournal
        {
            public JournalStatistics Statistics => journal.Statistics;

            public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default) => journal.ReadAsync(cancellationToken);

            public Task AppendAsync(ReadOnlySpan<byte> record) => journal.AppendAsync(record);

            public Task FlushAsync() => journal.FlushAsync();

            public async ValueTask DisposeAsync()
            {
                await closing();
                await journal.DisposeAsync();
            }
        }
    }
}

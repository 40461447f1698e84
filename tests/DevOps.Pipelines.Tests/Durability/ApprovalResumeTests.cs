using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>Approvals over several processes, and restarts of ended runs.</summary>
public sealed class ApprovalResumeTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly MemoryRunStore _store = new();
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leave_ThenDecideAndResume_EndsTheRun()
    {
        Pipeline pipeline = Build(new() { From = ["ops"], Quorum = 2, Message = "Ship?" });
        PipelineResult left = await pipeline.RunAsync(Options(AtApproval.Leave), Cancellation);
        PendingApproval waiting = Assert.Single(left.Waiting);
        Assert.Equal(("gate", "Ship?", 2), (waiting.Job, waiting.Message, waiting.Quorum));
        Assert.Equal(["build"], _ran);

        // Nobody holds the run; one of two is not enough, and the same one again counts for nothing.
        await _store.DecideAsync("run", "gate", Yes("mira"), Cancellation);
        await _store.DecideAsync("run", "gate", Yes("mira"), Cancellation);
        await _store.DecideAsync("run", "gate", Yes("eve", "guests"), Cancellation);
        left = await ResumeUntilAsync(pipeline, AtApproval.Leave, 1);
        Assert.Equal("mira", Assert.Single(Assert.Single(left.Waiting).Decisions).By);

        await _store.DecideAsync("run", "gate", Yes("noor"), Cancellation);
        PipelineResult ended = await ResumeUntilAsync(pipeline, AtApproval.Wait, 2);
        Assert.Equal(Outcome.Success, ended.Outcome);
        Assert.Equal(["build", "deploy by mira, noor"], _ran);
    }

    [Fact]
    public async Task Leave_Rejected_FailsAndNothingRuns()
    {
        Pipeline pipeline = Build(new());
        await pipeline.RunAsync(Options(AtApproval.Leave), Cancellation);
        await _store.DecideAsync("run", "gate", Yes("mira") with { Verdict = ApprovalVerdict.Reject, Comment = "not on a Friday" }, Cancellation);
        PipelineRun run = await pipeline.ResumeAsync("run", Options(AtApproval.Wait), Cancellation);
        PipelineResult result = await run.Completion;

        Assert.Equal(Outcome.Failure, result.Outcome);
        Assert.Equal("'mira' rejected it: not on a Friday", result.Jobs[1].Reason);
        Assert.Equal(["build"], _ran);
    }

    [Fact]
    public async Task Expiry_WhileNobodyRan_TimesOutOnTheResume()
    {
        VirtualTimeProvider clock = new(Monday);
        Pipeline pipeline = Build(new() { Within = TimeSpan.FromHours(8) });
        PipelineResult left = await pipeline.RunAsync(Options(AtApproval.Leave) with { TimeProvider = clock }, Cancellation);
        Assert.Equal(Monday.AddHours(8), Assert.Single(left.Waiting).ExpiresAt);

        clock.Advance(TimeSpan.FromHours(9));
        PipelineRun run = await pipeline.ResumeAsync("run", Options(AtApproval.Wait) with { TimeProvider = clock }, Cancellation);
        clock.Advance(TimeSpan.FromSeconds(1));
        PipelineResult result = await run.Completion;
        Assert.Equal((Outcome.TimedOut, "nobody decided within 08:00:00"), (result.Jobs[1].Outcome, result.Jobs[1].Reason));
    }

    [Fact]
    public async Task Approval_Waiting_HoldsNoSlot()
    {
        PipelineBuilder builder = new("ship");
        builder.AddApproval("gate");
        builder.AddJob("other", _ => Task.CompletedTask);
        PipelineRun run = await builder.Build().StartAsync(new() { MaxConcurrency = 1, Progress = new Finished(out Task<string> other, "other") }, Cancellation);
        await other.WaitAsync(Cancellation);
        await run.DecideAsync("gate", Yes("mira"));
        Assert.Equal(Outcome.Success, (await run.Completion).Outcome);
        await Assert.ThrowsAsync<ApprovalException>(() => run.DecideAsync("gate", Yes("noor")));
    }

    [Fact]
    public async Task Restart_FromFailed_TakesOverWhatWasGood()
    {
        bool isMended = false;
        List<string> keys = [];
        PipelineBuilder builder = new("ship");
        Job<string> build = builder.AddJob("build", job => Ran(job, "1.2.3"));
        Job test = builder.AddJob("test", build, (job, version) => isMended ? Ran(job, version) : throw new InvalidOperationException("broken"));
        builder.AddJob("deploy", build, (job, version) => Ran(job, version)).Needs(test);
        builder.AddFinally("report", job => Ran(job, ""));
        Pipeline pipeline = builder.Build();
        Task<string> Ran(JobContext job, string value)
        {
            lock (_ran)
            {
                _ran.Add(job.Name);
                keys.Add(job.IdempotencyKey);
            }

            return Task.FromResult(value);
        }

        await pipeline.RunAsync(Options(AtApproval.Wait), Cancellation);
        Assert.Equal(["build", "report"], _ran);
        isMended = true;
        PipelineRun run = await pipeline.RestartAsync("run", RestartFrom.Failed, new() { Store = _store, RunId = "second" }, Cancellation);
        PipelineResult result = await run.Completion;

        Assert.Equal(("second", Outcome.Success), (result.RunId, result.Outcome));
        Assert.Equal(["build", "report", "test", "deploy", "report"], _ran);
        Assert.Equal([true, false, false, false], result.Jobs.Select(job => job.IsRestored));
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.Equal("run", (await _store.ReadRunAsync("second", Cancellation)).RestartOf);

        _ran.Clear();
        run = await pipeline.RestartAsync("second", RestartFrom.Job("test"), new() { Store = _store, RunId = "third" }, Cancellation);
        Assert.Equal(Outcome.Success, (await run.Completion).Outcome);
        Assert.Equal(["test", "deploy", "report"], _ran);
    }

    // Messages are looked for once a second, and a refused one is known only after a look.
    private async Task<PipelineResult> ResumeUntilAsync(Pipeline pipeline, AtApproval atApproval, int decisions)
    {
        while (true)
        {
            PipelineRun run = await pipeline.ResumeAsync("run", Options(atApproval), Cancellation);
            PipelineResult result = await run.Completion;
            if (result.Waiting.IsEmpty || result.Waiting[0].Decisions.Length >= decisions)
            {
                return result;
            }
        }
    }

    private Pipeline Build(ApprovalOptions options)
    {
        PipelineBuilder builder = new("ship");
        Job build = builder.AddJob("build", _ =>
        {
            _ran.Add("build");
            return Task.CompletedTask;
        });
        Job<ApprovalResult> gate = builder.AddApproval("gate", options).Needs(build);
        builder.AddJob("deploy", gate, (_, decided) =>
        {
            _ran.Add($"deploy by {string.Join(", ", decided.Decisions.Select(decision => decision.By).Order())}");
            return Task.CompletedTask;
        });
        return builder.Build();
    }

    private RunOptions Options(AtApproval atApproval) => new() { Store = _store, RunId = "run", AtApproval = atApproval };

    private static ApprovalDecision Yes(string by, string group = "ops") => new() { By = by, Groups = [group], Verdict = ApprovalVerdict.Approve, At = Monday };

    private sealed class Finished : IProgress<PipelineEvent>
    {
        private readonly string _job;
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Finished(out Task<string> ended, string job) => (_job, ended) = (job, _ended.Task);

        public void Report(PipelineEvent value)
        {
            if (value is JobFinished { Job: var job } && job == _job)
            {
                _ended.TrySetResult(job);
            }
        }
    }
}

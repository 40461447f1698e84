using System.Collections.Immutable;

namespace DevOps.Pipelines.Tests;

/// <summary>What a restart takes over, and what it refuses.</summary>
public sealed class RestartTests
{
    private readonly MemoryRunStore _store = new();
    private readonly PipelineBuilder _builder = new("ship");
    private readonly List<string> _ran = [];
    private readonly HashSet<string> _broken = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RestartKilledAfterEachRecord_ResumedOrRefused_NeverDoesKeptWorkAgain()
    {
        List<string> keys = [];
        Job<int> publish = _builder.AddJob("publish", job =>
        {
            keys.Add(job.IdempotencyKey);
            return Task.FromResult(1);
        });
        _builder.AddJobs("group", publish, (more, _) =>
        {
            more.AddJob("pay", job =>
            {
                keys.Add(job.IdempotencyKey);
                return Task.CompletedTask;
            });
            Add(more, "notify");
        });
        Pipeline pipeline = _builder.Build();
        _broken.Add("notify");
        await pipeline.RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        _broken.Clear();
        Assert.Equal(Outcome.Success, (await RestartAsync(pipeline, "restart")).Outcome);
        Assert.Equal(2, keys.Count);

        int records = await _store.ReadAsync("restart", Cancellation).CountAsync(Cancellation);
        int resumed = 0;
        for (int kept = 0; kept < records; kept++)
        {
            MemoryRunStore cut = _store.CopyAfter("restart", kept);
            _ran.Clear();
            try
            {
                await using PipelineRun run = await pipeline.ResumeAsync("restart", new() { Store = cut, MaxConcurrency = 1 }, Cancellation);
                Assert.Equal(Outcome.Success, (await run.Completion).Outcome);
                resumed++;
            }
            catch (DevOpsException e) when (resumed == 0)
            {
                // It did nothing: who wants it restarts the first run again.
                Assert.Contains("it did nothing", e.Message, StringComparison.Ordinal);
                Assert.Empty(_ran);
            }
        }

        Assert.InRange(resumed, 3, records);
        Assert.Equal(2, keys.Count);
    }

    [Fact]
    public async Task FromFailed_GoodGroup_IsKept()
    {
        Job<int> source = _builder.AddJob("source", _ => Task.FromResult(1));
        JobGroup group = _builder.AddJobs("group", source, (more, _) => Add(more, "pay"));
        Add(_builder, "last").Needs(group);
        await FailThenRestartAsync("last");
        Assert.Equal(["pay", "last", "last"], _ran);
    }

    [Fact]
    public async Task FromFailed_FailedGroup_KeepsItsGoodJobs()
    {
        Job<int> source = _builder.AddJob("source", _ => Task.FromResult(1));
        _builder.AddJobs("group", source, (more, _) =>
        {
            Job pay = Add(more, "pay");
            Add(more, "notify").Needs(pay);
        });
        PipelineResult result = await FailThenRestartAsync("notify");
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal(["pay", "notify", "notify"], _ran);
        Assert.True(result.Jobs.Single(job => job.Name == "pay").IsRestored);
    }

    [Fact]
    public async Task FromTheGroup_AllOfItsJobsRun()
    {
        Job<int> source = _builder.AddJob("source", _ => Task.FromResult(1));
        _builder.AddJobs("group", source, (more, _) => Add(more, "pay"));
        Pipeline pipeline = _builder.Build();
        await pipeline.RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        await using PipelineRun run = await pipeline.RestartAsync("run", RestartFrom.Job("group"), new() { Store = _store }, Cancellation);
        await run.Completion;
        Assert.Equal(["pay", "pay"], _ran);
    }

    [Fact]
    public async Task OtherParameters_AreRefused_AndTheSameAreNot()
    {
        List<string> deployed = [];
        Parameter<string> version = _builder.AddParameter("version", "1", "the version");
        Parameter<int> count = _builder.AddParameter("machineCount", 1, "how many");
        Job<string> build = _builder.AddJob("build", job => Task.FromResult($"app-{job.Get(version)}"));
        Job deploy = _builder.AddJob("deploy", build, (job, app) =>
        {
            deployed.Add($"{app} as {job.Get(version)} to {job.Get(count)}");
            return _broken.Count > 0 ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        });
        Pipeline pipeline = _builder.Build();
        _broken.Add("deploy");
        await pipeline.RunAsync(new() { Store = _store, RunId = "run", Parameters = Of(("version", "2")) }, Cancellation);
        _broken.Clear();
        foreach ((string Name, string Value) changed in new[] { ("version", "3"), ("VERSION", "3"), ("machine-count", "7"), ("MACHINE_COUNT", "7") })
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => pipeline.RestartAsync("run", RestartFrom.Failed, new() { Store = _store, Parameters = Of(changed) }, Cancellation));
            Assert.Contains($"another value of '{changed.Name}'", refused.Message, StringComparison.Ordinal);
        }

        await using PipelineRun run = await pipeline.RestartAsync("run", RestartFrom.Failed, new() { Store = _store, Parameters = Of(("Version", "2"), ("machine-count", "1")) }, Cancellation);
        Assert.Equal(Outcome.Success, (await run.Completion).Outcome);
        Assert.Equal(["app-2 as 2 to 1", "app-2 as 2 to 1"], deployed);
    }

    [Fact]
    public async Task RunWithoutWhatIsNeeded_IsRestartedWithoutIt()
    {
        Job first = Add(_builder, "first");
        Add(_builder, "deploy").Needs(first);
        Pipeline pipeline = _builder.Build();
        _broken.Add("deploy");
        await pipeline.RunAsync(new() { Store = _store, RunId = "run", Only = ["deploy"], WhatIsNeeded = NeededJobs.LeaveOut }, Cancellation);
        _broken.Clear();
        PipelineResult result = await RestartAsync(pipeline, "restart");
        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal(["deploy", "deploy"], _ran);
    }

    [Fact]
    public async Task RunAtWork_IsRefusedNamingItsHolder()
    {
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int starts = 0;
        _builder.AddJob("deploy", async _ =>
        {
            starts++;
            started.TrySetResult();
            await goOn.Task.WaitAsync(Cancellation);
        });
        Pipeline pipeline = _builder.Build();
        await using PipelineRun run = await pipeline.StartAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        await started.Task.WaitAsync(Cancellation);
        RunLeaseException refused = await Assert.ThrowsAsync<RunLeaseException>(() => pipeline.RestartAsync("run", RestartFrom.Failed, new() { Store = _store }, Cancellation));
        Assert.Equal(Environment.ProcessId, refused.Holder!.ProcessId);
        goOn.SetResult();
        await run.Completion;
        Assert.Equal(1, starts);
    }

    private async Task<PipelineResult> FailThenRestartAsync(string broken)
    {
        Pipeline pipeline = _builder.Build();
        _broken.Add(broken);
        Assert.Equal(Outcome.Failure, (await pipeline.RunAsync(new() { Store = _store, RunId = "run" }, Cancellation)).Outcome);
        _broken.Clear();
        return await RestartAsync(pipeline, "restart");
    }

    private async Task<PipelineResult> RestartAsync(Pipeline pipeline, string runId)
    {
        await using PipelineRun run = await pipeline.RestartAsync("run", RestartFrom.Failed, new() { Store = _store, RunId = runId }, Cancellation);
        return await run.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    private Job Add(PipelineBuilder builder, string name) => builder.AddJob(name, job =>
    {
        lock (_ran)
        {
            _ran.Add(job.Name);
        }

        return _broken.Contains(job.Name) ? throw new InvalidOperationException("broken") : Task.CompletedTask;
    });

    private static ImmutableDictionary<string, string> Of(params (string Name, string Value)[] parameters) => parameters.ToImmutableDictionary(one => one.Name, one => one.Value);
}

using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>What a run does not go on with, and says so.</summary>
public sealed class ResumeRefusalTests
{
    private readonly MemoryRunStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Changes => new()
    {
        { "same", "" },
        { "added", "'new' is new" },
        { "removed", "'deploy' is gone" },
        { "renamed", "'publish' is new; 'deploy' is gone" },
        { "need added", "'deploy' now needs 'test'" },
        { "need removed", "'deploy' no longer needs 'build'" },
        { "result changed", "the result of 'build' was System.String and is System.Int32" },
        { "stage changed", "'build' is now in" },
        { "order added", "'test' now comes after 'build'" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task ResumeAsync_ChangedPipeline_SaysWhatChanged(string change, string expected)
    {
        await BreakOffAsync();
        long before = await _store.ReadAsync("run", Cancellation).CountAsync(Cancellation);
        if (expected.Length == 0)
        {
            PipelineRun run = await Build(change).ResumeAsync("run", new() { Store = _store }, Cancellation);
            Assert.Equal(Outcome.Success, (await run.Completion).Outcome);
            return;
        }

        PipelineChangedException error = await Assert.ThrowsAsync<PipelineChangedException>(() => Build(change).ResumeAsync("run", new() { Store = _store }, Cancellation));
        if (change == "stage changed")
        {
            Assert.NotEmpty(error.Changes);
        }
        else
        {
            Assert.Equal(expected, string.Join("; ", error.Changes));
        }

        Assert.Equal(before, await _store.ReadAsync("run", Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task ResumeAsync_EndedRun_IsRefused()
    {
        await Build("same").RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        RunEndedException error = await Assert.ThrowsAsync<RunEndedException>(() => Build("same").ResumeAsync("run", new() { Store = _store }, Cancellation));
        Assert.Equal(Outcome.Success, error.Outcome);
    }

    [Fact]
    public async Task ResumeAsync_NoSuchRun_IsRefused() =>
        await Assert.ThrowsAsync<RunNotFoundException>(() => Build("same").ResumeAsync("none", new() { Store = _store }, Cancellation));

    [Fact]
    public async Task StartAsync_SameRunTwice_IsRefused()
    {
        await Build("same").RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);
        await Assert.ThrowsAsync<RunExistsException>(() => Build("same").RunAsync(new() { Store = _store, RunId = "run" }, Cancellation));
    }

    [Theory]
    [InlineData(InDoubtPolicy.Rerun, null, Outcome.Success)]
    [InlineData(InDoubtPolicy.Fail, null, Outcome.Failure)]
    [InlineData(InDoubtPolicy.Ask, null, null)]
    [InlineData(InDoubtPolicy.Ask, InDoubtAnswer.Refuse, null)]
    [InlineData(InDoubtPolicy.Ask, InDoubtAnswer.Rerun, Outcome.Success)]
    [InlineData(InDoubtPolicy.Ask, InDoubtAnswer.Fail, Outcome.Failure)]
    public async Task ResumeAsync_JobInDoubt_FollowsItsPolicy(InDoubtPolicy policy, InDoubtAnswer? answer, Outcome? expected)
    {
        Pipeline Build(Func<JobContext, Task> run)
        {
            PipelineBuilder builder = new("doubt");
            builder.AddJob("charge", run).WithInDoubt(policy);
            return builder.Build();
        }

        string firstKey = "";
        await Build(job =>
        {
            firstKey = job.IdempotencyKey;
            return Task.CompletedTask;
        }).RunAsync(new() { Store = _store, RunId = "run" }, Cancellation);

        // The run as it was when the job had started: the beginning, and the start of the job.
        MemoryRunStore store = _store.CopyAfter("run", 2);
        string secondKey = "";
        int attempt = 0;
        Pipeline again = Build(job =>
        {
            (secondKey, attempt) = (job.IdempotencyKey, job.Attempt);
            return Task.CompletedTask;
        });
        List<InDoubtJob> asked = [];
        RunOptions options = new()
        {
            Store = store,
            InDoubt = answer is null ? null : job =>
            {
                asked.Add(job);
                return answer.Value;
            },
        };
        if (expected is null)
        {
            JobsInDoubtException error = await Assert.ThrowsAsync<JobsInDoubtException>(() => again.ResumeAsync("run", options, Cancellation));
            Assert.Equal(("charge", 1), (Assert.Single(error.Jobs).Job, error.Jobs[0].Attempt));
            return;
        }

        PipelineRun run = await again.ResumeAsync("run", options, Cancellation);
        PipelineResult result = await run.Completion;
        Assert.Equal(expected, result.Outcome);
        Assert.Equal(policy == InDoubtPolicy.Ask ? 1 : 0, asked.Count);
        if (expected == Outcome.Success)
        {
            Assert.Equal((firstKey, 2), (secondKey, attempt));
        }
    }

    [Fact]
    public async Task ResumeAsync_JournalDamagedAnywhere_IsRefusedOrTheSame()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        FolderRunStore store = new(directory.Path);
        await Build("same").RunAsync(new() { Store = store, RunId = "run" }, Cancellation);
        string path = Path.Combine(directory.Path, "run", "journal");
        byte[] whole = await File.ReadAllBytesAsync(path, Cancellation);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(path, damaged, Cancellation);
            JournalDamagedException error = await Assert.ThrowsAsync<JournalDamagedException>(() => Build("same").ResumeAsync("run", new() { Store = store }, Cancellation));
            Assert.Equal(path, error.Path);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(path, Cancellation));
        }
    }

    [Fact]
    public async Task ResumeAsync_JournalCutAnywhere_EndsAsTheRunOrSaysWhyNot()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        FolderRunStore store = new(directory.Path);
        await Build("same").RunAsync(new() { Store = store, RunId = "run" }, Cancellation);
        string path = Path.Combine(directory.Path, "run", "journal");
        byte[] whole = await File.ReadAllBytesAsync(path, Cancellation);
        int resumed = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length], Cancellation);
            try
            {
                PipelineRun run = await Build("same").ResumeAsync("run", new() { Store = store }, Cancellation);
                Assert.Equal(Outcome.Success, (await run.Completion).Outcome);
                resumed++;
            }
            catch (Exception e) when (e is JournalDamagedException or DevOpsException)
            {
                // The header is cut, or nothing of the run was written: it did nothing.
                Assert.Equal(0, resumed);
            }
        }

        Assert.InRange(resumed, 50, whole.Length);
    }

    /// <summary>Leaves a run behind that broke off after its first job.</summary>
    private async Task BreakOffAsync()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Progress progress = new(happened =>
        {
            if (happened is JobFinished { Job: "build" })
            {
                stop.Cancel();
            }
        });
        PipelineResult result = await Build("same").RunAsync(new() { Store = _store, RunId = "run", MaxConcurrency = 1, Progress = progress }, stop.Token);
        Assert.Equal(Outcome.Cancelled, result.Outcome);
    }

    private static Pipeline Build(string change)
    {
        PipelineBuilder builder = new("ship");
        Stage stage = builder.AddStage("stage");
        Stage next = builder.AddStage("next");
        Job build = change == "result changed" ? builder.AddJob("build", _ => Task.FromResult(1)) : builder.AddJob("build", _ => Task.FromResult("1"));
        build.InStage(change == "stage changed" ? next : stage);
        Job test = builder.AddJob("test", _ => Task.CompletedTask);
        if (change != "removed")
        {
            Job deploy = builder.AddJob(change == "renamed" ? "publish" : "deploy", _ => Task.CompletedTask);
            if (change != "need removed")
            {
                deploy.Needs(build);
            }

            if (change == "need added")
            {
                deploy.Needs(test);
            }
        }

        if (change == "added")
        {
            builder.AddJob("new", _ => Task.CompletedTask);
        }

        if (change == "order added")
        {
            test.After(build);
        }

        return builder.Build();
    }

    private sealed class Progress(Action<PipelineEvent> see) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value) => see(value);
    }
}

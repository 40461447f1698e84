using System.Collections.Immutable;

namespace DevOps.Pipelines.Tests;

/// <summary>Runs that are taken up again after each of their records.</summary>
public sealed class ResumeTests
{
    private readonly Dictionary<string, int> _effects = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResumeAsync_AfterEachRecord_EndsAsTheUnbrokenRun()
    {
        MemoryRunStore whole = new();
        PipelineResult unbroken = await Build().RunAsync(Options(whole), Cancellation);
        Assert.Equal(Outcome.Failure, unbroken.Outcome);
        Dictionary<string, int> expected = new(_effects);
        int records = 0;
        await foreach (ReadOnlyMemory<byte> _ in whole.ReadAsync("run", Cancellation))
        {
            records++;
        }

        Assert.InRange(records, 20, 100);
        for (int kept = 1; kept < records; kept++)
        {
            // Jobs run one at a time, so the effects of what was written are those of the unbroken run up to there.
            MemoryRunStore store = whole.CopyAfter("run", kept);
            _effects.Clear();
            PipelineRun run = await Build().ResumeAsync("run", Options(store), Cancellation);
            PipelineResult resumed = await run.Completion;

            Assert.Equal(unbroken.Outcome, resumed.Outcome);
            Assert.Equal(
                unbroken.Jobs.Select(job => (job.Name, job.Outcome, job.CountsAs, job.Reason)).Order(),
                resumed.Jobs.Select(job => (job.Name, job.Outcome, job.CountsAs, job.Reason)).Order());
            foreach (JobResult job in resumed.Jobs)
            {
                int done = _effects.GetValueOrDefault(job.Name);
                Assert.Equal(job.IsRestored ? 0 : expected.GetValueOrDefault(job.Name), job.Name == "flaky" && done == 1 && !job.IsRestored ? 2 : done);
            }

            await Assert.ThrowsAsync<RunEndedException>(() => Build().ResumeAsync("run", Options(store), Cancellation));
        }
    }

    private static RunOptions Options(MemoryRunStore store) => new() { Store = store, RunId = "run", MaxConcurrency = 1 };

    private Pipeline Build()
    {
        PipelineBuilder builder = new("ship");
        Job<string> first = builder.AddJob("first", Did(_ => Task.FromResult("1.2.3")));
        Job<object> opaque = builder.AddJob("opaque", Did<object>(job => Task.FromResult<object>(job.Get(first) + "+"))).Needs(first);
        builder.AddJob("reads", Did(job => Task.FromResult(Assert.IsType<string>(job.Get(opaque))))).Needs(opaque);
        builder.AddJob("flaky", Did(job => job.Attempt == 1 ? throw new IOException("gone") : Task.FromResult(1))).WithRetry(1);
        Job tolerated = builder.AddJob("tolerated", Did<int>(_ => throw new InvalidOperationException("never mind"))).WithTolerance();
        builder.AddJob("behind tolerated", Did(_ => Task.FromResult(2))).Needs(tolerated);
        Job skipped = builder.AddJob("skipped", Did(_ => Task.FromResult(3))).OnlyIf(job => job.OutcomeOf(first) == Outcome.Failure).After(first);
        builder.AddJob("behind skipped", Did(_ => Task.FromResult(4))).Needs(skipped);
        Job<ImmutableArray<string>> names = builder.AddJob("names", Did(_ => Task.FromResult(ImmutableArray.Create("x", "y"))));
        JobGroup group = builder.AddJobs("group", names, (more, values) =>
        {
            foreach (string value in values)
            {
                more.AddJob($"child {value}", Did(job => Task.FromResult(job.Get(first) + value))).Needs(first);
            }
        });
        Job fails = builder.AddJob("fails", Did<int>(_ => throw new InvalidOperationException("broken"))).Needs(group);
        builder.AddJob("behind fails", Did(_ => Task.FromResult(5))).Needs(fails);
        builder.AddJob("always", Did(_ => Task.FromResult(6))).Needs(fails).RunsAlways();
        builder.AddFinally("last", Did(_ => Task.FromResult(7)));
        return builder.Build();
    }

    private Func<JobContext, Task<T>> Did<T>(Func<JobContext, Task<T>> run) => job =>
    {
        lock (_effects)
        {
            _effects[job.Name] = _effects.GetValueOrDefault(job.Name) + 1;
        }

        return run(job);
    };
}

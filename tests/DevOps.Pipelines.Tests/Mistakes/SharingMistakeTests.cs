using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Mistakes;

/// <summary>Mistakes of others with what runs share.</summary>
public sealed class SharingMistakeTests
{
    private readonly PipelineTester _tester = new();
    private readonly List<string> _order = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // ModularPipelines #4388: a lock held within one run only.
    public async Task Lock_HoldsAcrossTheRunsOfAHost()
    {
        PipelineHost host = new();
        Pipeline pipeline = Of("deploy", job => job.WithLock("prod"));
        await _tester.RunAllAsync([Run(pipeline, host, "a"), Run(pipeline, host, "b"), Run(pipeline, host, "c")], Cancellation);
        Assert.Equal(TimeSpan.FromHours(3), _tester.Clock.GetUtcNow() - new PipelineTesterOptions().Start);
    }

    [Theory] // Row 6: several locks taken one by one in different orders wait for each other for ever.
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SeveralLocks_InAnyOrder_NeverWaitInACircle(int seed)
    {
        PipelineBuilder builder = new("locks");
        string[] names = ["a", "b", "c", "d"];
        for (int i = 0; i < 20; i++)
        {
            builder.AddJob($"{i}", Hour).WithLock(names[i % 4], names[((i * 3) + 1) % 4]);
        }

        PipelineResult result = await new PipelineTester(Schedule.Seeded(seed)).RunAsync(builder.Build(), cancellationToken: Cancellation);
        Assert.Equal(Outcome.Success, result.Outcome);
    }

    [Theory] // Row 7: GitLab's process modes.
    [InlineData(ResourceGroupMode.OldestFirst, "1 2 3 4")]
    [InlineData(ResourceGroupMode.NewestFirst, "1 4 3 2")]
    public async Task ResourceGroup_Mode_SaysWhichRunIsNext(ResourceGroupMode mode, string expected)
    {
        PipelineHost host = new();
        Pipeline pipeline = Of("deploy", job => job.WithResourceGroup("prod", mode));
        await _tester.RunAllAsync(Enumerable.Range(1, 4).Select(i => TestRun.Of(pipeline, new() { Host = host, RunId = $"{i}" }) with { StartsAfter = TimeSpan.FromMinutes(i) }), Cancellation);
        Assert.Equal(expected, string.Join(' ', _order));
    }

    [Fact] // Section 8, item 11: a tenant with many jobs starves the others.
    public async Task Slots_AreSharedFairlyAmongTenants()
    {
        PipelineHost host = new(new() { MaxConcurrency = 2 });
        PipelineBuilder many = new("many");
        for (int i = 0; i < 20; i++)
        {
            many.AddJob($"{i}", Tell("many"));
        }

        PipelineBuilder few = new("few");
        few.AddJob("first", Tell("few"));
        few.AddJob("second", Tell("few"));
        await _tester.RunAllAsync(
            [TestRun.Of(many.Build(), new() { Host = host, Tenant = "big" }), TestRun.Of(few.Build(), new() { Host = host, Tenant = "small" }) with { StartsAfter = TimeSpan.FromMinutes(1) }],
            Cancellation);
        Assert.Equal(["many", "many", "few"], _order.Take(3));
        Assert.InRange(_order.LastIndexOf("few"), 0, 5);
    }

    [Fact] // Section 8, item 11: quotas.
    public async Task Quota_HoldsForAllRunsOfATenant()
    {
        PipelineHost host = new(new() { OtherTenants = new() { MaxConcurrency = 1 } });
        Pipeline pipeline = Of("work", job => job);
        await _tester.RunAllAsync([Run(pipeline, host, "a"), Run(pipeline, host, "a"), Run(pipeline, host, "b")], Cancellation);
        Assert.Equal(TimeSpan.FromHours(2), _tester.Clock.GetUtcNow() - new PipelineTesterOptions().Start);
    }

    private static Task Hour(JobContext job) => Task.Delay(TimeSpan.FromHours(1), job.TimeProvider, job.Cancellation);

    private static TestRun Run(Pipeline pipeline, PipelineHost host, string tenant) => TestRun.Of(pipeline, new() { Host = host, Tenant = tenant });

    private Func<JobContext, Task> Tell(string? name) => job =>
    {
        _order.Add(name ?? job.RunId);
        return Hour(job);
    };

    private Pipeline Of(string name, Func<Job, Job> set)
    {
        PipelineBuilder builder = new(name);
        set(builder.AddJob(name, Tell(null)));
        return builder.Build();
    }
}

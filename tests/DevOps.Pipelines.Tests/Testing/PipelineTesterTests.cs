using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Testing;

public sealed class PipelineTesterTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Row 5: a runner of waves takes 5 s.
    public async Task RunAsync_ChainBesideLongJob_TakesTheCriticalPath()
    {
        Job a1 = _builder.AddJob("A1", Waits(1));
        Job a2 = _builder.AddJob("A2", Waits(1)).Needs(a1);
        _builder.AddJob("A3", Waits(1)).Needs(a2);
        _builder.AddJob("B", Waits(3));

        PipelineResult result = await new PipelineTester().RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal((Outcome.Success, TimeSpan.FromSeconds(3)), (result.Outcome, result.Duration));
    }

    [Fact]
    public async Task RunAsync_RetriesWithBackOff_PassInVirtualTime()
    {
        int attempts = 0;
        _builder.AddJob("flaky", _ => ++attempts < 4 ? throw new IOException("broken") : Task.CompletedTask)
            .WithRetry(new RetryOptions { MaxRetries = 5, Delay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromDays(1) });

        PipelineResult result = await new PipelineTester().RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal((Outcome.Success, TimeSpan.FromHours(1 + 2 + 4)), (result.Outcome, result.Duration));
    }

    [Fact]
    public async Task RunAsync_ApprovalAfterAWeek_IsDecided()
    {
        Job<ApprovalResult> gate = _builder.AddApproval("production", new() { From = ["ops"], Within = TimeSpan.FromDays(8) });
        Job<string> deploy = _builder.AddJob("deploy", gate, (_, decided) => Task.FromResult(decided.Decisions[0].By));
        PipelineTester tester = new PipelineTester().Approves("production", "ops", TimeSpan.FromDays(7));

        PipelineResult result = await tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal((Outcome.Success, TimeSpan.FromDays(7)), (result.Outcome, result.Duration));
        Assert.Equal(["production"], tester.Events.OfType<ApprovalDecided>().Select(decided => decided.Job));
    }

    [Fact]
    public async Task RunAsync_ApprovalThatNobodyDecides_Expires()
    {
        _builder.AddApproval("production", new() { Within = TimeSpan.FromDays(100) });
        PipelineResult result = await new PipelineTester().RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((Outcome.TimedOut, TimeSpan.FromDays(100)), (result.Outcome, result.Duration));
    }

    [Fact]
    public async Task RunAsync_ApprovalOfTheWrongPerson_FailsTheTest()
    {
        _builder.AddApproval("production", new() { From = ["ops"], Within = TimeSpan.FromDays(1) });
        PipelineTestException error = await Assert.ThrowsAsync<PipelineTestException>(() => new PipelineTester().Approves("production", "eve").RunAsync(_builder.Build(), cancellationToken: Cancellation));
        Assert.Equal(["the decision of 'eve' did not count: 'eve' cannot decide 'production': it asks ops."], error.Problems);
    }

    [Fact]
    public async Task RunAsync_ApprovalWithoutEnd_TellsWhoWaitsForWhat()
    {
        Job<ApprovalResult> gate = _builder.AddApproval("production");
        _builder.AddJob("deploy", Waits(1)).Needs(gate);

        PipelineTestException error = await Assert.ThrowsAsync<PipelineTestException>(() => new PipelineTester().RunAsync(_builder.Build(), cancellationToken: Cancellation));

        Assert.Equal(["'production' waits for a decision: say tester.Approves(...), or give it a time to expire", "'deploy' waits for 'production'"], error.Problems);
    }

    [Fact]
    public async Task RunAsync_JobThatWaitsForNothing_TellsWhoWaitsForWhat()
    {
        TaskCompletionSource never = new();
        Job hangs = _builder.AddJob("hangs", _ => never.Task);
        _builder.AddJob("behind", Waits(1)).Needs(hangs);
        PipelineTester tester = new(new PipelineTesterOptions { RealGrace = TimeSpan.Zero, MaxRealWait = TimeSpan.Zero });

        PipelineTestException error = await Assert.ThrowsAsync<PipelineTestException>(() => tester.RunAsync(_builder.Build(), cancellationToken: Cancellation));

        Assert.Equal(["'hangs' is at work and waits for something that is no timer of job.TimeProvider: a task that nobody ends, real time, or real I/O", "'behind' waits for 'hangs'"], error.Problems);
    }

    [Fact]
    public async Task RunAsync_WorkOnOtherThreads_IsWaitedForBeforeTimeGoesOn()
    {
        using ManualResetEventSlim gate = new();
        _builder.AddJob("computes", _ => Task.Run(() => gate.Wait(Cancellation))).WithTimeout(TimeSpan.FromMinutes(1));
        _builder.AddJob("yields", async _ =>
        {
            await Task.Yield();
            await File.ReadAllTextAsync(typeof(PipelineTesterTests).Assembly.Location, Cancellation);
            await Task.Delay(1, Cancellation);
            gate.Set();
        });
        PipelineTester tester = new(new PipelineTesterOptions { RealGrace = TimeSpan.FromSeconds(30), MaxRealWait = TimeSpan.FromSeconds(60) });

        PipelineResult result = await tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal((Outcome.Success, TimeSpan.Zero), (result.Outcome, result.Duration));
    }

    [Fact]
    public async Task RunAsync_JobThatHangs_TimesOutAndIsGivenUp()
    {
        TaskCompletionSource never = new();
        _builder.AddJob("hangs", _ => never.Task).WithTimeout(TimeSpan.FromHours(2));
        PipelineResult result = await Fast().RunAsync(_builder.Build(), cancellationToken: Cancellation);
        Assert.Equal((Outcome.TimedOut, TimeSpan.FromHours(2) + TimeSpan.FromSeconds(30)), (result.Outcome, result.Duration));
    }

    [Fact]
    public async Task RunAsync_CancelledAtAVirtualTime_StopsThere()
    {
        PipelineTester tester = new();
        using CancellationTokenSource stop = new(TimeSpan.FromHours(5), tester.Clock);
        _builder.AddJob("long", Waits(100_000));
        PipelineResult result = await tester.RunAsync(_builder.Build(), cancellationToken: stop.Token);
        Assert.Equal((Outcome.Cancelled, TimeSpan.FromHours(5)), (result.Outcome, result.Duration));
    }

    [Theory] // Several delays that are cancelled go on in the thread pool, in any order.
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunAsync_ManyJobsCancelled_EndInTheOrderOfTheSchedule(int seed)
    {
        for (int i = 0; i < 8; i++)
        {
            _builder.AddJob($"{i}", Waits(100_000));
        }

        Pipeline pipeline = _builder.Build();
        List<string[]> orders = [];
        for (int times = 0; times < 5; times++)
        {
            PipelineTester tester = new(Schedule.Seeded(seed));
            using CancellationTokenSource stop = new(TimeSpan.FromHours(5), tester.Clock);
            PipelineResult result = await tester.RunAsync(pipeline, cancellationToken: stop.Token);
            Assert.Equal((Outcome.Cancelled, TimeSpan.FromHours(5)), (result.Outcome, result.Duration));
            orders.Add([.. tester.Events.OfType<JobFinished>().Select(finished => finished.Job)]);
        }

        Assert.All(orders, order => Assert.Equal(orders[0], order));
    }

    [Fact]
    public async Task RunAsync_PollWithoutEnd_EndsWithAnError()
    {
        _builder.AddJob("polls", async job =>
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), job.TimeProvider, job.Cancellation);
            }
        });
        PipelineTester tester = new(new PipelineTesterOptions { MaxSteps = 1000 });
        PipelineTestException error = await Assert.ThrowsAsync<PipelineTestException>(() => tester.RunAsync(_builder.Build(), cancellationToken: Cancellation));
        Assert.Contains("1000 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SeededResults_TakeTheWorksPlace()
    {
        Job<int> build = _builder.AddJob<int>("build", _ => throw new InvalidOperationException("not in a test"));
        Job<int> twice = _builder.AddJob("twice", build, (_, built) => Task.FromResult(built * 2));
        Job push = _builder.AddJob("push", _ => throw new InvalidOperationException("not in a test")).Needs(twice);
        Job alert = _builder.AddJob("alert", _ => Task.CompletedTask);
        int got = 0;
        _builder.AddJob("check", twice, (_, value) => Task.FromResult(got = value)).Needs(push);
        PipelineTester tester = Fast().Returns(build, 21, TimeSpan.FromSeconds(5)).Succeeds(push).Fails(alert, new IOException("no network"));

        PipelineResult result = await tester.RunAsync(_builder.Build(), cancellationToken: Cancellation);

        Assert.Equal(42, got);
        Assert.Equal([("build", Outcome.Success), ("twice", Outcome.Success), ("push", Outcome.Success), ("alert", Outcome.Failure), ("check", Outcome.Success)], result.Jobs.Select(job => (job.Name, job.Outcome)));
        Assert.Equal((Failure.System, "no network"), (result.Jobs[3].Error!.Kind, result.Jobs[3].Reason));
        Assert.Throws<ArgumentException>(() => tester.Succeeds(build));
    }

    [Fact]
    public async Task RunAsync_SameSeed_GivesTheSameOrderAndOthersGiveOthers()
    {
        HashSet<string> orders = [];
        for (int seed = 0; seed < 20; seed++)
        {
            string once = await OrderAsync(Schedule.Seeded(seed));
            Assert.Equal(once, await OrderAsync(Schedule.Seeded(seed)));
            orders.Add(once);
        }

        Assert.Equal("0 1 2 3 4", await OrderAsync(Schedule.InOrder));
        Assert.True(orders.Count > 10, $"20 seeds gave {orders.Count} orders.");
    }

    private static async Task<string> OrderAsync(Schedule schedule)
    {
        PipelineBuilder builder = new("order");
        List<int> order = [];
        for (int i = 0; i < 5; i++)
        {
            int at = i;
            builder.AddJob($"{i}", async job =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), job.TimeProvider, job.Cancellation);
                order.Add(at);
            });
        }

        await new PipelineTester(schedule).RunAsync(builder.Build(), cancellationToken: Cancellation);
        return string.Join(' ', order);
    }

    private static PipelineTester Fast() => new(new PipelineTesterOptions { RealGrace = TimeSpan.Zero });

    private static Func<JobContext, Task> Waits(int seconds) => job => Task.Delay(TimeSpan.FromSeconds(seconds), job.TimeProvider, job.Cancellation);
}

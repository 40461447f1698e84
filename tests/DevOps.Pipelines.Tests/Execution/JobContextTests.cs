using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class JobContextTests
{
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Needed_ReturnsTheSameObject()
    {
        object made = new();
        object? got = null;
        Job<object> maker = _builder.AddJob("maker", _ => Task.FromResult(made));
        _builder.AddJob("taker", job => Task.FromResult(got = job.Get(maker))).Needs(maker);

        await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Same(made, got);
    }

    [Fact]
    public async Task Get_NotNeeded_NamesTheRemedy()
    {
        Job<int> number = _builder.AddJob("number", _ => Task.FromResult(1));
        Job between = _builder.AddJob("between", Nothing).Needs(number);
        _builder.AddJob("reader", job => Task.FromResult(job.Get(number))).Needs(between);

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        JobError error = Assert.IsType<JobError>(result.Jobs[2].Error);
        Assert.Equal("'reader' reads the result of 'number' and does not need it. Add .Needs(number) to the job.", error.Message);
        Assert.Equal(Outcome.Failure, result.Outcome);
    }

    [Fact]
    public async Task Get_JobOfAnotherPipelineOrNull_IsAnError()
    {
        Job<int> theirs = new PipelineBuilder("other").AddJob("theirs", _ => Task.FromResult(1));
        _builder.AddJob("other", job => Task.FromResult(job.Get(theirs)));
        _builder.AddJob("null", job => Task.FromResult(job.Get((Job<int>)null!)));

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(typeof(InvalidOperationException).FullName, result.Jobs[0].Error?.Type);
        Assert.Equal(typeof(ArgumentNullException).FullName, result.Jobs[1].Error?.Type);
    }

    [Fact]
    public async Task Name_IsTheJobs()
    {
        string? name = null;
        _builder.AddJob("Some Name", job => Task.FromResult(name = job.Name));
        await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal("Some Name", name);
    }

    [Theory]
    [InlineData("one", "one")]
    [InlineData("", "")]
    [InlineData("one\ntwo", "one", "two")]
    [InlineData("one\r\ntwo\rthree", "one", "two", "three")]
    [InlineData("one\n\ntwo", "one", "", "two")]
    [InlineData("one\n", "one", "")]
    public async Task Log_Text_BecomesLines(string text, params string[] expected)
    {
        _builder.AddJob("a", job =>
        {
            job.Log(text);
            return Task.CompletedTask;
        });

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(expected, result.Jobs[0].Log.Select(line => line.Text));
        Assert.All(result.Jobs[0].Log, line => Assert.Equal(LogSource.Job, line.Source));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    public async Task Log_MoreThanMaxLogLines_KeepsTheNewestAndReportsAll(int max)
    {
        RecordingProgress<PipelineEvent> progress = new();
        string[] lines = [.. Enumerable.Range(0, 100).Select(i => $"line {i}")];
        _builder.AddJob("a", job =>
        {
            job.Log(string.Join('\n', lines));
            return Task.CompletedTask;
        });

        PipelineResult result = await _builder.Build().RunAsync(new() { MaxLogLines = max, Progress = progress }, Cancellation);
        Assert.Equal(lines.TakeLast(max), result.Jobs[0].Log.Select(line => line.Text));
        Assert.Equal(lines, progress.Reports.OfType<JobLogged>().Select(logged => logged.Line.Text));
    }

    [Fact]
    public async Task Log_FromManyThreads_LosesNothing()
    {
        _builder.AddJob("a", job => Parallel.ForAsync(0, 1000, job.Cancellation, (i, _) =>
        {
            job.Log($"{i}");
            return ValueTask.CompletedTask;
        }));

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal(Enumerable.Range(0, 1000), result.Jobs[0].Log.Select(line => int.Parse(line.Text, null)).Order());
    }

    [Fact]
    public async Task Events_OfAJob_ComeInOrder()
    {
        RecordingProgress<PipelineEvent> progress = new();
        for (int i = 0; i < 20; i++)
        {
            _builder.AddJob($"job {i}", async job =>
            {
                job.Log("one");
                await Task.Yield();
                job.SetStatus("half");
                job.Log("two");
            });
        }

        PipelineResult result = await _builder.Build().RunAsync(new() { Progress = progress }, Cancellation);

        Assert.Equal((5 * 20) + 2, progress.Reports.Count);
        Assert.All(result.Jobs, job => Assert.Equal(
            ["JobStarted", "JobLogged one", "JobStatusChanged half", "JobLogged two", "JobFinished Success"],
            progress.Reports.OfType<JobEvent>().Where(happened => happened.Job == job.Name).Select(Shown)));
        Assert.All(progress.Reports.OfType<JobFinished>(), finished => Assert.Same(result.Jobs.Single(job => job.Name == finished.Job), finished.Result));
        Assert.All(result.Jobs, job => Assert.Equal(["one", "two"], job.Log.Select(line => line.Text)));
    }

    [Fact]
    public async Task LogAndSetStatus_Null_AreRefused()
    {
        _builder.AddJob("log", job =>
        {
            job.Log(null!);
            return Task.CompletedTask;
        });
        _builder.AddJob("status", job =>
        {
            job.SetStatus(null!);
            return Task.CompletedTask;
        });

        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.All(result.Jobs, job => Assert.Equal(typeof(ArgumentNullException).FullName, job.Error?.Type));
    }

    private static string Shown(PipelineEvent happened) => happened switch
    {
        JobLogged logged => $"JobLogged {logged.Line.Text}",
        JobStatusChanged changed => $"JobStatusChanged {changed.Status}",
        JobFinished finished => $"JobFinished {finished.Result.Outcome}",
        _ => happened.GetType().Name,
    };

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}

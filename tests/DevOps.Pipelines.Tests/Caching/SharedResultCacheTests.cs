using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>One cache of results for several pipelines, and for jobs that change.</summary>
public sealed class SharedResultCacheTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly List<object?> _read = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task TwoPipelines_JobsOfTheSameName_KeepTheirOwnResults()
    {
        await RunAsync("alpha", "by alpha");
        await RunAsync("beta", "by beta");
        await RunAsync("alpha", "by alpha again");
        Assert.Equal(["by alpha", "by beta", "by alpha"], _read);
    }

    [Fact]
    public async Task ResultType_Changes_IsMadeAnew()
    {
        await RunAsync("ship", 1);
        await RunAsync("ship", 2.5);
        await RunAsync("ship", "3");
        await RunAsync("ship", 4);
        Assert.Equal([1, 2.5, "3", 1], _read);
    }

    [Fact]
    public async Task LinkToADirectory_JobRunsEachTimeAndSaysWhy()
    {
        _directory.Write("src/a", "1");
        _directory.Write("libs/l", "1");
        _directory.Link("src/libs", "../libs");
        int ran = 0;
        for (int i = 1; i <= 2; i++)
        {
            PipelineBuilder builder = new("ship");
            builder.AddJob("build", _ =>
            {
                ran++;
                return Task.CompletedTask;
            }).CachedBy((_, fingerprint) => fingerprint.WithFiles("src/**"));
            PipelineResult result = await builder.Build().RunAsync(new() { Results = Cache(), Directory = _directory.Path }, Cancellation);
            Assert.Equal((Outcome.Success, i), (result.Outcome, ran));
            Assert.Contains("'src/libs' cannot be taken", result.Jobs[0].CacheNote, StringComparison.Ordinal);
        }
    }

    private async Task RunAsync<T>(string pipeline, T value)
    {
        PipelineBuilder builder = new(pipeline);
        Job<T> version = builder.AddJob("version", _ => Task.FromResult(value)).CachedBy((_, fingerprint) => fingerprint.WithVersion("1"));
        builder.AddJob("reads", version, (_, read) =>
        {
            _read.Add(read);
            return Task.CompletedTask;
        });
        Assert.Equal(Outcome.Success, (await builder.Build().RunAsync(new() { Results = Cache() }, Cancellation)).Outcome);
    }

    private ResultCache Cache() => new(new FolderCacheRecords(_directory.PathOf("cache")));
}

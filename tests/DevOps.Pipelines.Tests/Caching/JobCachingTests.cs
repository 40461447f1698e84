using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Jobs that take their result from an earlier run, and jobs that pass files on.</summary>
public sealed class JobCachingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly TemporaryDirectory _cache = TemporaryDirectory.Create();
    private int _builds;
    private int _lengths;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _directory.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public async Task CachedBy_SameInputs_RunsOnce()
    {
        Write("src/a.txt", "one");
        PipelineResult first = await RunAsync();
        PipelineResult second = await RunAsync();

        Assert.Equal((1, 1), (_builds, _lengths));
        Assert.Equal([false, false], first.Jobs.Select(job => job.IsCached));
        Assert.Equal([true, true], second.Jobs.Select(job => job.IsCached));
        Assert.All(second.Jobs, job => Assert.Equal(Outcome.Success, job.Outcome));
    }

    [Fact]
    public async Task CachedBy_ChangedFile_RunsAndSaysWhichFile()
    {
        Write("src/a.txt", "one");
        Write("src/b.txt", "same");
        await RunAsync();
        Write("src/a.txt", "longer");
        PipelineResult result = await RunAsync();

        Assert.Equal((2, 2), (_builds, _lengths));
        Assert.Contains("src/a.txt", result.Jobs[0].CacheNote, StringComparison.Ordinal);
        Assert.DoesNotContain("src/b.txt", result.Jobs[0].CacheNote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CachedBy_NeedRunsWithTheSameResult_TheJobBehindStaysCached()
    {
        Write("src/a.txt", "one");
        await RunAsync();
        Write("src/a.txt", "two");
        PipelineResult result = await RunAsync();

        // The length is the same, and nothing else is an input of the second job.
        Assert.Equal((2, 1), (_builds, _lengths));
        Assert.Equal([false, true], result.Jobs.Select(job => job.IsCached));
    }

    [Fact]
    public async Task CachedBy_InputsCannotBeRead_RunsAndSaysWhy()
    {
        PipelineResult result = await RunAsync();

        Assert.Equal(1, _builds);
        Assert.StartsWith("not cached:", result.Jobs[0].CacheNote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CachedBy_Failure_IsNotKept()
    {
        Write("src/a.txt", "one");
        PipelineBuilder builder = new("cached");
        builder.AddJob("fails", _ => ++_builds == 1 ? throw new InvalidOperationException("broken") : Task.CompletedTask).CachedBy((_, inputs) => inputs.WithFiles("src/**"));
        Pipeline pipeline = builder.Build();
        await pipeline.RunAsync(Options(), Cancellation);
        PipelineResult result = await pipeline.RunAsync(Options(), Cancellation);

        Assert.Equal((2, Outcome.Success), (_builds, result.Outcome));
    }

    [Fact]
    public async Task CachedBy_SecretInTheResult_IsNotKept()
    {
        Write("src/a.txt", "one");
        PipelineBuilder builder = new("cached");
        builder.AddJob("token", job =>
        {
            _builds++;
            job.AddSecret(new("hunter2-hunter2"));
            return Task.FromResult("token=hunter2-hunter2");
        }).CachedBy((_, inputs) => inputs.WithFiles("src/**"));
        Pipeline pipeline = builder.Build();
        await pipeline.RunAsync(Options(), Cancellation);
        await pipeline.RunAsync(Options(), Cancellation);

        Assert.Equal(2, _builds);
        Assert.All(Directory.EnumerateFiles(_cache.Path, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Artifacts_PassFromJobToJob()
    {
        Write("out/app.dll", "code");
        PipelineBuilder builder = new("artifacts");
        Job<Artifact> build = builder.AddJob("build", job => job.SaveArtifactAsync("app", "out/**"));
        builder.AddJob("use", build, async (job, app) => File.ReadAllText(Path.Combine(await job.RestoreArtifactAsync(app, "restored"), "out/app.dll")));
        PipelineResult result = await builder.Build().RunAsync(Options(), Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal("code", File.ReadAllText(_directory.PathOf("restored/out/app.dll")));
    }

    [Fact]
    public async Task SaveArtifactAsync_NothingChosen_FailsTheProducer()
    {
        PipelineBuilder builder = new("artifacts");
        builder.AddJob("build", job => job.SaveArtifactAsync("app", "out/**"));
        PipelineResult result = await builder.Build().RunAsync(Options(), Cancellation);
        Assert.Equal(typeof(UnmatchedPatternException).FullName, result.Jobs[0].Error?.Type);
    }

    [Fact]
    public async Task Dependencies_AreRestoredInTheNextRun()
    {
        Write("packages.lock", "v1");
        PipelineBuilder builder = new("dependencies");
        List<CacheHit?> hits = [];
        builder.AddJob("restore", async job =>
        {
            RestoredDependencies packages = await job.RestoreDependenciesAsync(CacheKey.Of("packages").WithFiles("packages.lock"), "packages");
            hits.Add(packages.Result?.Hit);
            Write("packages/one.bin", "downloaded");
            await job.SaveDependenciesAsync(packages);
        });
        Pipeline pipeline = builder.Build();
        await pipeline.RunAsync(Options(), Cancellation);
        Directory.Delete(_directory.PathOf("packages"), recursive: true);
        PipelineResult result = await pipeline.RunAsync(Options(), Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal([CacheHit.Miss, CacheHit.Exact], hits);
    }

    private Task<PipelineResult> RunAsync()
    {
        PipelineBuilder builder = new("cached");
        Job<int> build = builder.AddJob("build", job =>
        {
            _builds++;
            return Task.FromResult(Directory.Exists(_directory.PathOf("src")) ? File.ReadAllText(_directory.PathOf("src/a.txt")).Length : 0);
        }).CachedBy((_, inputs) => inputs.WithFiles("src/**").WithVersion("1"));
        builder.AddJob("double", build, (_, length) =>
        {
            _lengths++;
            return Task.FromResult(length * 2);
        }).CachedBy((_, inputs) => inputs);
        return builder.Build().RunAsync(Options(), Cancellation);
    }

    private RunOptions Options() => new()
    {
        Directory = _directory.Path,
        Artifacts = new FolderArtifactStore(_cache.PathOf("artifacts")),
        Results = new(new FolderCacheRecords(_cache.PathOf("results"))),
        Dependencies = DependencyCache.InFolder(_cache.PathOf("dependencies")),
    };

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory.PathOf(path))!);
        File.WriteAllText(_directory.PathOf(path), text);
    }
}

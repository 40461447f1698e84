using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class WorkspaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task RunAsync_Workspaces_EachRunHasItsOwnAndItGoes()
    {
        List<string> directories = [];
        _builder.AddJob("write", async job =>
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(job.Directory));
            await job.ShellAsync("echo here > made; pwd");
            Assert.True(File.Exists(Path.Combine(job.Directory, "made")));
            directories.Add(job.Directory);
        });
        Pipeline pipeline = _builder.Build();
        PipelineResult first = await pipeline.RunAsync(Options(), Cancellation);
        PipelineResult second = await pipeline.RunAsync(Options(), Cancellation);

        Assert.Equal((Outcome.Success, Outcome.Success), (first.Outcome, second.Outcome));
        Assert.Equal(2, directories.Distinct().Count());
        Assert.All(directories, directory => Assert.False(Directory.Exists(directory)));
    }

    [Theory]
    [InlineData(KeptWorkspaces.None, false)]
    [InlineData(KeptWorkspaces.OfFailedRuns, true)]
    [InlineData(KeptWorkspaces.All, true)]
    public async Task RunAsync_Fails_KeepsTheWorkspaceAsTold(KeptWorkspaces keep, bool stays)
    {
        string directory = "";
        _builder.AddJob("fails", job =>
        {
            directory = job.Directory;
            throw new InvalidOperationException("broken");
        });
        await _builder.Build().RunAsync(Options(keep), Cancellation);
        Assert.Equal(stays, Directory.Exists(directory));
    }

    [Fact]
    public async Task RunAsync_DirectoryMissing_IsRefused()
    {
        _builder.AddJob("a", _ => Task.CompletedTask);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => _builder.Build().RunAsync(new() { Directory = _directory.PathOf("none") }, Cancellation));
    }

    [Fact]
    public async Task RunAsync_TrackedFiles_AreCopied()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        repository.Write("a.txt", "tracked");
        await repository.CommitAsync("first");
        repository.Write("untracked.txt", "no");
        string[] names = [];
        _builder.AddJob("look", job =>
        {
            names = [.. Directory.EnumerateFileSystemEntries(job.Directory).Select(path => Path.GetFileName(path))];
            return Task.CompletedTask;
        });
        PipelineResult result = await _builder.Build().RunAsync(
            new() { Directory = repository.Path, Workspaces = new() { Root = _directory.Path, Content = WorkspaceContent.TrackedFiles } }, Cancellation);

        Assert.Equal(Outcome.Success, result.Outcome);
        Assert.Equal(["a.txt"], names);
    }

    [Theory]
    [InlineData("../victim")]
    [InlineData("/victim")]
    [InlineData("..")]
    [InlineData(".victim")]
    [InlineData("a/b")]
    public async Task RunAsync_RunIdLeadsElsewhere_IsRefusedAndNothingIsTouched(string runId)
    {
        string precious = _directory.Write("victim/precious", "x");
        _builder.AddJob("job", _ => throw new InvalidOperationException("must not run"));
        WorkspaceOptions workspaces = new() { Root = _directory.MakeDirectory("workspaces") };
        await Assert.ThrowsAsync<ArgumentException>(() => _builder.Build().RunAsync(new() { RunId = runId, Workspaces = workspaces }, Cancellation));
        Assert.True(File.Exists(precious));
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspaces.Root));
    }

    [Fact]
    public async Task RunAsync_OtherRunIsNamedAsAHalfMadeWorkspace_IsLeftAlone()
    {
        WorkspaceOptions workspaces = new() { Root = _directory.MakeDirectory("workspaces") };
        PipelineBuilder inner = new("inner");
        inner.AddJob("job", _ => Task.CompletedTask);
        Pipeline other = inner.Build();
        _builder.AddJob("job", async job =>
        {
            string file = Path.Combine(job.Directory, "made");
            await File.WriteAllTextAsync(file, "x", job.Cancellation);
            await other.RunAsync(new() { RunId = "x", Workspaces = workspaces }, job.Cancellation);
            Assert.True(File.Exists(file));
        });
        PipelineResult result = await _builder.Build().RunAsync(new() { RunId = "x.partial", Workspaces = workspaces }, Cancellation);
        Assert.True(result.Outcome == Outcome.Success, result.Jobs[0].Reason);
    }


    private RunOptions Options(KeptWorkspaces keep = KeptWorkspaces.None) => new() { Workspaces = new() { Root = _directory.PathOf("runs"), Keep = keep } };
}

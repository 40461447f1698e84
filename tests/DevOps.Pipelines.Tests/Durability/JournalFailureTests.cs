using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Disks that cannot take what a run writes down, and what a journal must not hold.</summary>
public sealed class JournalFailureTests
{
    private const string Password = "correct horse battery staple";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_DiskFills_StartsNothingMoreAndGoesOnLater()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string disk = directory.MakeDirectory("disk");
        await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
        try
        {
            List<string> ran = [];
            List<string> torn = [];
            Pipeline pipeline = Chain(ran, torn);
            FolderRunStore store = new(disk);
            JournalWriteException error = await Assert.ThrowsAsync<JournalWriteException>(() => pipeline.RunAsync(new() { Store = store, RunId = "run", MaxConcurrency = 1 }, Cancellation));
            Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);

            // The last job that ran is the one whose end could not be written: nothing that waits for it started.
            Assert.InRange(ran.Count, 2, 19);
            Assert.Equal(ran.Count, ran.Distinct().Count());
            string last = ran[^1];
            RecordedRun recorded = await store.ReadRunAsync("run", Cancellation);
            Assert.DoesNotContain(recorded.Jobs, job => job.Name == last);
            Assert.Equal(ran[..^1], recorded.Jobs.Where(job => job.StartedAt is not null).Select(job => job.Name));
            Assert.Null(recorded.Outcome);

            await Shell.RunAsync("mount", ["-o", "remount,size=8m", disk]);
            ran.Clear();
            PipelineRun resumed = await pipeline.ResumeAsync("run", new() { Store = store, MaxConcurrency = 1 }, Cancellation);
            Assert.Equal(Outcome.Success, (await resumed.Completion).Outcome);
            Assert.Equal(last, ran[0]);
            Assert.Equal(["clean up"], torn.Distinct());
        }
        finally
        {
            await Shell.RunAsync("umount", [disk]);
        }
    }

    [Fact]
    public async Task RunAsync_DiskReadOnly_StartsNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a disk.");
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        string disk = directory.MakeDirectory("disk");
        await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", disk]);
        try
        {
            List<string> ran = [];
            await Assert.ThrowsAsync<IOException>(() => Chain(ran, ran).RunAsync(new() { Store = new FolderRunStore(disk) }, Cancellation));
            Assert.Empty(ran);
        }
        finally
        {
            await Shell.RunAsync("umount", [disk]);
        }
    }

    [Fact]
    public async Task Journal_OfARunThatLeaksEverywhere_HoldsNoSecret()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        FolderRunStore store = new(directory.Path);
        PipelineBuilder builder = new($"leaks");
        Parameter<Secret> secret = builder.AddSecret("password", "the password");
        string base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Password));
        Job<string> returns = builder.AddJob("returns", job => Task.FromResult(job.Get(secret).Reveal()));
        builder.AddJob("reads", returns, (job, value) =>
        {
            job.Log(value);
            job.SetStatus(value);
            job.MarkUnstable($"because of {value}");
            return Task.CompletedTask;
        });
        builder.AddJob("throws", Task<int> (job) => throw new InvalidOperationException($"{Password} and {base64}")).WithRetry(1);
        builder.AddJob("steps", job => job.StepAsync("one", () => throw new InvalidOperationException(Password), StepFailure.MarkUnstable));
        builder.AddJob("prints", job => job.RunAsync("/bin/sh", ["-c", "echo $1 >&2; exit 3", "sh", base64]));
        builder.AddJob("caches", _ => Task.CompletedTask).WithPost(PostConditions.None.Always(_ => throw new InvalidOperationException(Password)));
        RecordingProgress<PipelineEvent> progress = new();
        PipelineResult result = await builder.Build().RunAsync(
            new() { Store = store, RunId = "run", Secrets = new EnvironmentSecrets(new Dictionary<string, string?> { ["password"] = Password }), Progress = progress }, Cancellation);

        Assert.Equal(Outcome.Failure, result.Outcome);
        string journal = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(directory.Path, "run", "journal"), Cancellation));
        string[] sinks =
        [
            journal,
            HtmlReport.Write(result),
            string.Join('\n', result.Jobs.SelectMany(job => job.Log.Select(line => line.Text)).Concat(result.Jobs.Select(job => $"{job} {job.Error} {string.Join(' ', job.PostErrors)} {string.Join(' ', job.Attempts)} {string.Join(' ', job.Steps)}"))),
            string.Join('\n', progress.Reports.Select(happened => happened.ToString())),
        ];
        Assert.All(sinks, sink =>
        {
            Assert.DoesNotContain(Password, sink, StringComparison.Ordinal);
            Assert.DoesNotContain(base64[..20], sink, StringComparison.Ordinal);
        });
        Assert.Contains("***", journal, StringComparison.Ordinal);
    }

    private static Pipeline Chain(List<string> ran, List<string> torn)
    {
        PipelineBuilder builder = new("chain");
        Job? before = null;
        for (int i = 0; i < 20; i++)
        {
            string name = $"job {i}";
            Job<string> job = builder.AddJob(name, _ =>
            {
                ran.Add(name);
                return Task.FromResult(new string('x', 20_000));
            });
            before = before is null ? job : job.Needs(before);
        }

        builder.AddFinally("clean up", job =>
        {
            torn.Add(job.Name);
            return Task.CompletedTask;
        });
        return builder.Build();
    }
}

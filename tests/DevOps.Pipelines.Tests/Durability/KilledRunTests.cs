using System.Diagnostics;
using System.Globalization;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Runs whose process is ended by SIGKILL, and that another process goes on with.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const string RunId = "run";

    private const string Variable = "DEVOPS_TEST_RUN";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ResumeAsync_KilledAfterEachRecord_EndsAsTheUnbrokenRunWithTheSameEffects()
    {
        string effects = _directory.PathOf("unbroken.txt");
        FolderRunStore whole = new(_directory.PathOf("unbroken"));
        PipelineResult unbroken = await ShipPipeline.Build(effects).RunAsync(new() { Store = whole, RunId = RunId, MaxConcurrency = 1 }, Cancellation);
        (string Job, string Key)[] expected = ShipPipeline.Read(effects);
        int records = await whole.ReadAsync(RunId, Cancellation).CountAsync(Cancellation);
        Assert.InRange(records, 30, 60);

        int repeated = 0;
        for (int kept = 1; kept < records; kept++)
        {
            string store = _directory.PathOf($"killed {kept}");
            effects = _directory.PathOf($"killed {kept}.txt");
            using (Process child = Start(store, effects, kept, TimeSpan.Zero))
            {
                await child.WaitForExitAsync(Cancellation);
                Assert.Equal(137, child.ExitCode);
            }

            PipelineRun run = await ShipPipeline.Build(effects).ResumeAsync(RunId, new() { Store = new FolderRunStore(store), MaxConcurrency = 1 }, Cancellation);
            PipelineResult resumed = await run.Completion;

            Assert.Equal(ShipPipeline.Shown(unbroken), ShipPipeline.Shown(resumed));

            // A process that works on one job at a time and dies right behind a record has done nothing that is not written down, so nothing is done twice,
            // except what a later job needs and no journal can hold.
            (string Job, string Key)[] done = ShipPipeline.Read(effects);
            Assert.All(
                expected.Concat(done).Distinct(),
                effect => Assert.InRange(
                    done.Count(other => other == effect),
                    expected.Count(other => other == effect),
                    expected.Count(other => other == effect) + (effect.Job == "opaque" ? 1 : 0)));
            repeated += done.Length - expected.Length;
        }

        Assert.InRange(repeated, 1, 5);
    }

    [Fact]
    public async Task ResumeAsync_KilledAtAnyMoment_EveryJobRanAndKeepsItsKey()
    {
        Random random = new(Soak.Seed(7));
        for (int round = 0; round < Soak.Times(4); round++)
        {
            string store = _directory.PathOf($"random {round}");
            string effects = _directory.PathOf($"random {round}.txt");
            PipelineResult? result = null;
            for (int kill = 0; result is null; kill++)
            {
                using Process child = Start(store, effects, int.MaxValue, TimeSpan.FromMilliseconds(random.Next(5, 40)));
                string? started = await child.StandardOutput.ReadLineAsync(Cancellation);
                while (started is not null && !started.Contains("at work", StringComparison.Ordinal))
                {
                    started = await child.StandardOutput.ReadLineAsync(Cancellation);
                }

                if (kill < 4)
                {
                    // The moment need not be exact, only different each time.
                    await Task.Delay(random.Next(0, 150), Cancellation);
                    child.Kill();
                    await child.WaitForExitAsync(Cancellation);
                    continue;
                }

                await child.WaitForExitAsync(Cancellation);
                RecordedRun recorded = await new FolderRunStore(store).ReadRunAsync(RunId, Cancellation);
                Assert.Equal(Outcome.Failure, recorded.Outcome);
                result = new() { Pipeline = "ship", Outcome = Outcome.Failure, StartedAt = default, Duration = default, Jobs = recorded.Jobs };
            }

            (string Job, string Key)[] done = ShipPipeline.Read(effects);
            string[] ran = [.. result.Jobs.Where(job => job.StartedAt is not null && job.Name is not "group").Select(job => job.Name)];
            Assert.All(ran, name => Assert.Contains(done, effect => effect.Job == name));
            Assert.All(done.GroupBy(effect => effect.Job), same => Assert.Single(same.Select(effect => effect.Key).Distinct()));
            Assert.Equal(done.Select(effect => effect.Job).Distinct().Count(), done.Select(effect => effect.Key).Distinct().Count());
        }
    }

    [Fact]
    public async Task ResumeAsync_WhileAnotherProcessWorks_IsRefusedNamingIt()
    {
        string store = _directory.PathOf("held");
        string effects = _directory.PathOf("held.txt");
        using Process child = Start(store, effects, int.MaxValue, TimeSpan.FromSeconds(60));
        string? line = "";
        while (line is not null && !line.Contains("at work", StringComparison.Ordinal))
        {
            line = await child.StandardOutput.ReadLineAsync(Cancellation);
        }

        RunLeaseException held = await Assert.ThrowsAsync<RunLeaseException>(() => ShipPipeline.Build(effects).ResumeAsync(RunId, new() { Store = new FolderRunStore(store) }, Cancellation));
        Assert.Equal(child.Id, held.Holder!.ProcessId);
        child.Kill();
        await child.WaitForExitAsync(Cancellation);

        PipelineRun run = await ShipPipeline.Build(effects).ResumeAsync(RunId, new() { Store = new FolderRunStore(store) }, Cancellation);
        Assert.Equal(Outcome.Failure, (await run.Completion).Outcome);
    }

    /// <summary>The process that is killed: begins the run, or goes on with it.</summary>
    [Fact(Explicit = true)]
    public async Task Inner_RunUntilKilled()
    {
        string? told = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(told is null, "Only another test starts this, in a process that it kills.");
        string[] words = told.Split('|');
        FolderRunStore folder = new(words[0]);
        int kill = int.Parse(words[2], CultureInfo.InvariantCulture);
        RunOptions options = new()
        {
            Store = kill == int.MaxValue ? folder : new KillingStore(folder, kill),
            RunId = RunId,
            MaxConcurrency = kill == int.MaxValue ? 4 : 1,
        };
        Pipeline pipeline = ShipPipeline.Build(words[1], TimeSpan.FromMilliseconds(double.Parse(words[3], CultureInfo.InvariantCulture)));
        PipelineRun run;
        try
        {
            run = Directory.Exists(Path.Combine(words[0], RunId)) ? await pipeline.ResumeAsync(RunId, options, Cancellation) : await pipeline.StartAsync(options, Cancellation);
        }
        catch (Exception e) when (e is RunEndedException or DevOpsException)
        {
            Console.Out.WriteLine($"at work: {e.Message}");
            if (e is RunEndedException)
            {
                return;
            }

            // The first process died before anything was written: it begins again.
            await folder.DeleteAsync(RunId, Cancellation);
            run = await pipeline.StartAsync(options, Cancellation);
        }

        Console.Out.WriteLine("at work");
        await run.Completion;
    }

    private static Process Start(string store, string effects, int kill, TimeSpan jobTime)
    {
        ProcessStartInfo info = new(Environment.ProcessPath!, ["-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(KilledRunTests).FullName}.{nameof(Inner_RunUntilKilled)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = string.Create(CultureInfo.InvariantCulture, $"{store}|{effects}|{kill}|{jobTime.TotalMilliseconds}") },
        };
        return Process.Start(info)!;
    }
}

#!/usr/bin/env dotnet
#:project ../src/DevOps.Pipelines/DevOps.Pipelines.csproj
#:property PublishAot=false

// A nightly run that finds out as much as it can: stages, work that may fail, another try, a limit of time, and clearing up at the end.
// dotnet run samples/nightly.cs -- --tree
// dotnet run samples/nightly.cs -- --fail-fast --timeout 10m
using DevOps.Pipelines;

PipelineBuilder nightly = new("nightly");
Stage check = nightly.AddStage("check");
Stage publish = nightly.AddStage("publish");

Job unit = nightly.AddJob("unit tests", async job =>
{
    await job.RunAsync("dotnet", ["--version"]);
}).InStage(check).WithTimeout(TimeSpan.FromMinutes(1));

// A network that hiccups is no reason to wake anyone: three attempts.
nightly.AddJob("integration tests", async job =>
{
    await Task.Delay(50, job.Cancellation);
    if (job.Attempt < 2)
    {
        throw new IOException("the test server did not answer");
    }
}).InStage(check).WithRetry(2, on: Failure.System);

// Slow and shaky: its failure is seen, and stops nothing.
nightly.AddJob("soak", async job =>
{
    await Task.Delay(20, job.Cancellation);
    throw new InvalidOperationException("3 of 1000 rounds were too slow");
}).InStage(check).WithTolerance();

Job<string> report = nightly.AddJob("report", async job =>
{
    string path = Path.Combine(Directory.CreateDirectory(Scratch(job)).FullName, "report.txt");
    await File.WriteAllTextAsync(path, $"nightly run {job.RunId}\n", job.Cancellation);
    return path;
}).InStage(publish);

nightly.AddJob("upload", report, (job, path) =>
{
    job.Log($"{new FileInfo(path).Length} bytes of {Path.GetFileName(path)} would go to the server");
    return Task.CompletedTask;
}).InStage(publish);

nightly.AddFinally("clear up", job =>
{
    if (Directory.Exists(Scratch(job)))
    {
        Directory.Delete(Scratch(job), recursive: true);
    }

    return Task.CompletedTask;
});

return await nightly.Build().RunAsync(args, new(Console.Out, Console.Error)
{
    Input = Console.In,
    IsInteractive = !Console.IsOutputRedirected && !Console.IsInputRedirected,
    Environment = Environment.GetEnvironmentVariables(),
});

// A run has its own, and finds it again when it is resumed. Nothing is made where the pipeline is only described: '--list' runs these lines too.
static string Scratch(JobContext job) => Path.Combine(Path.GetTempPath(), $"nightly-{job.RunId}");

#!/usr/bin/env dotnet
#:project ../src/DevOps.Pipelines/DevOps.Pipelines.csproj
#:property PublishAot=false

// Releases a library: version from git, pack, verify, publish. Results of jobs are written down, so a run that is killed goes on
// where it was: dotnet run samples/library-release.cs -- --resume
// The library is made by the first job and goes to a folder, so that the sample needs neither network nor credentials.
using System.IO.Compression;
using System.Security.Cryptography;
using DevOps.Pipelines;

string output = Path.Combine(Path.GetTempPath(), "library-release-sample");
PipelineBuilder release = new("library-release");

Job<GitCommit> commit = release.AddJob("commit", async job => await GitCheckout.ReadHeadAsync(Path.GetDirectoryName(Source())!, job.Cancellation));

Job<string> pack = release.AddJob("pack", commit, async (job, head) =>
{
    string package = Path.Combine(Directory.CreateDirectory(output).FullName, $"Library.1.0.0-{head.ShortId}.zip");
    await using FileStream file = File.Create(package);
    await using ZipArchive archive = new(file, ZipArchiveMode.Create);
    await using StreamWriter entry = new(archive.CreateEntry("lib/Library.txt").Open());
    await entry.WriteAsync(head.Id);
    job.Log($"packed {Path.GetFileName(package)}");
    return package;
});

Job<string> verify = release.AddJob("verify", pack, async (job, package) =>
{
    using ZipArchive archive = ZipFile.OpenRead(package);
    _ = archive.GetEntry("lib/Library.txt") ?? throw new InvalidDataException($"{package} has no library in it.");
    return Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(package, job.Cancellation)));
});

// Whoever publishes twice annoys everyone: after a crash in the middle a person is asked (--in-doubt rerun, or fail).
release.AddJob("publish", pack, verify, async (job, package, sha256) =>
{
    string feed = Directory.CreateDirectory(Path.Combine(output, "feed")).FullName;
    await Task.Delay(TimeSpan.FromSeconds(2), job.Cancellation);
    File.Copy(package, Path.Combine(feed, Path.GetFileName(package)), overwrite: true);
    job.Log($"published {Path.GetFileName(package)} with SHA-256 {sha256}");
}).WithInDoubt(InDoubtPolicy.Ask);

return await release.Build().RunAsync(args, new(Console.Out, Console.Error)
{
    Input = Console.In,
    IsInteractive = !Console.IsOutputRedirected && !Console.IsInputRedirected,
    Environment = Environment.GetEnvironmentVariables(),
});

static string Source([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

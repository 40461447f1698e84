#!/usr/bin/env dotnet
#:project ../src/DevOps.Pipelines/DevOps.Pipelines.csproj
#:property PublishAot=false

// A release that waits for a person. The waiting outlives the process: end it with --leave-at-approval or Ctrl-C, decide
// from any other process, and go on with --resume; the build is not run again.
// dotnet run samples/approval.cs -- --leave-at-approval
// dotnet run samples/approval.cs -- approve RUN production --by ops
// dotnet run samples/approval.cs -- --resume
using DevOps.Pipelines;

PipelineBuilder release = new("approval");

Job<string> build = release.AddJob("build", async job =>
{
    await Task.Delay(100, job.Cancellation);
    string version = $"1.0.0-{job.RunId}";
    job.Log($"built {version}");
    return version;
}).WithDescription("makes the version that is asked about");

Job<ApprovalResult> gate = release.AddApproval("production", new()
{
    Message = "May this version go to production?",
    From = ["ops"],
    Within = TimeSpan.FromHours(8),
}).Needs(build);

release.AddJob("deploy", build, gate, (job, version, approval) =>
{
    // The key is the same in every attempt and after every resume: a service that knows it deploys once.
    job.Log($"deploying {version}, as {approval.Decisions[0].By} said, with key {job.IdempotencyKey[..8]}");
    return Task.CompletedTask;
});

return await release.Build().RunAsync(args, new(Console.Out, Console.Error)
{
    Input = Console.In,
    IsInteractive = !Console.IsOutputRedirected && !Console.IsInputRedirected,
    Environment = Environment.GetEnvironmentVariables(),
});

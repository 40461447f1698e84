using System.Diagnostics;
using System.Net;
using DevOps.Registry.Server;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>The main job, broken off by force and taken up again.</summary>
public sealed class QuickStartResumeTests
{
    [Fact]
    public async Task QuickStart_KilledInTheMiddleOfThePush_ResumesToTheSameDigest()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = Path.Combine(temporary.Path, "clone");
        (await Run.ProgramAsync("git", "-c", "safe.directory=*", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone)).Succeeded();
        await using RegistryHost registry = await RegistryHost.StartAsync(new() { Directory = Path.Combine(temporary.Path, "data"), Endpoint = new(IPAddress.Loopback, 0) }, cancellationToken: TestContext.Current.CancellationToken);
        using KillingProxy proxy = new(IPEndPoint.Parse(registry.Address.ToString()));

        using Process broken = Run.Start(clone, Repository.QuickStart, "--registry", proxy.Address);
        proxy.AtUpload = broken.Kill;
        string output = await broken.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await broken.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(broken.ExitCode == 137, output);
        Assert.DoesNotContain("verified", output, StringComparison.Ordinal);
        Finished runs = (await Run.InAsync(clone, Repository.QuickStart, "runs")).Succeeded();
        Assert.Contains("has not ended", runs.Output, StringComparison.Ordinal);

        proxy.Open();
        Finished resumed = (await Run.InAsync(clone, Repository.QuickStart, "--resume")).Succeeded();

        Assert.Contains("not run again", resumed.Output.Split('\n').First(line => line.StartsWith("commit ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("\n2 layers uploaded\n", resumed.Output, StringComparison.Ordinal);
        Finished again = await Run.InAsync(clone, Repository.QuickStart, "--resume");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("none to resume", again.Error, StringComparison.Ordinal);
        Finished unbroken = (await Run.InAsync(clone, Repository.QuickStart)).Succeeded();
        Assert.Equal(unbroken.Last, resumed.Last);
        Assert.StartsWith("verified sha256:", resumed.Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuickStart_ResumedWithOtherOptions_IsRefused()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string clone = Path.Combine(temporary.Path, "clone");
        (await Run.ProgramAsync("git", "-c", "safe.directory=*", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone)).Succeeded();

        Finished run = await Run.InAsync(clone, Repository.QuickStart, "--resume", "--base", "mcr.microsoft.com/dotnet/aspnet:10.0");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("leave out '--base'", run.Error, StringComparison.Ordinal);
    }
}

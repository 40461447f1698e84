using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DevOps.EndToEnd.Tests;

/// <summary>The file-based apps of samples/, as a user runs them.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData("matrix", "summary", "6 pairs")]
    [InlineData("nightly", "clear up", "unstable")]
    [InlineData("library-release", "publish", "published Library.1.0.0-")]
    public async Task Sample_ListedAndRun_DoesWhatItSays(string name, string job, string said)
    {
        Finished list = (await SampleAsync(name, "--list")).Succeeded();
        Finished run = (await SampleAsync(name)).Succeeded();

        Assert.Contains(list.Output.Split('\n'), line => line.StartsWith(job, StringComparison.Ordinal));
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Matrix_OnePair_RunsWhatItNeedsAndNothingElse()
    {
        Finished run = (await SampleAsync("matrix", "test net10.0*", "--skip", "*arm64", "--json")).Succeeded();

        using JsonDocument last = JsonDocument.Parse(run.Last);
        Assert.Equal(
            ["build", "test net10.0 linux-x64", "test net10.0 win-x64"],
            last.RootElement.GetProperty("result").GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Approval_LeftThenApprovedByAnotherProcess_ResumesWithoutBuildingAgain()
    {
        Finished left = await SampleAsync("approval", "--leave-at-approval");
        Assert.Equal(3, left.ExitCode);
        string run = RunOf(left.Output);

        Finished stranger = await SampleAsync("approval", "approve", run, "production", "--by", "guest");
        Assert.Equal(1, stranger.ExitCode);
        Assert.Contains("that is for ops", stranger.Error, StringComparison.Ordinal);
        (await SampleAsync("approval", "approve", run, "production", "--by", "ops", "--comment", "looks good")).Succeeded();
        Finished resumed = (await SampleAsync("approval", "--resume", run)).Succeeded();

        Assert.Contains("build       done before, not run again", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("as ops said", resumed.Output, StringComparison.Ordinal);
        Finished late = await SampleAsync("approval", "reject", run, "production", "--by", "ops");
        Assert.Equal(1, late.ExitCode);
        Assert.Contains("the run has ended and succeeded", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_DecidedWhileAProcessWaits_GoesOn()
    {
        using Process waiting = await StartAsync("approval");
        string run = await ReadRunAsync(waiting, "waits for approval");

        (await SampleAsync("approval", "approve", run, "production", "--by", "ops")).Succeeded();
        string rest = await waiting.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await waiting.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(waiting.ExitCode == 0, rest);
        Assert.Contains("as ops said", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("HUP", 130)]
    [InlineData("KILL", 137)]
    public async Task Release_StoppedInTheMiddleOfPublish_AsksAndGoesOn(string signal, int exitCode)
    {
        using Process process = await StartAsync("library-release");
        string run = await ReadRunAsync(process, "publish started");
        await SignalAsync(process, signal);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(exitCode, process.ExitCode);

        Finished asked = await SampleAsync("library-release", "--resume", run);
        Finished resumed = (await SampleAsync("library-release", "--resume", run, "--in-doubt", "rerun")).Succeeded();

        Assert.Equal(1, asked.ExitCode);
        Assert.Contains("--in-doubt rerun", asked.Error, StringComparison.Ordinal);
        Assert.Contains("pack done before, not run again", Words(resumed.Output), StringComparison.Ordinal);
        Assert.Contains("publish started, attempt 2", Words(resumed.Output), StringComparison.Ordinal);
    }

    private static async Task<Finished> SampleAsync(string name, params string[] arguments) => await Run.ProgramAsync("dotnet", [.. await Sample.CommandAsync(name), .. arguments]);

    // Not through "dotnet run", which would stand between the signal and the program.
    private static async Task<Process> StartAsync(string name)
    {
        await Sample.CommandAsync(name);
        string program = Directory.GetFiles(Path.Combine(Repository.Root, "artifacts", "samples", name + ".cs"), name, SearchOption.AllDirectories).First(path => path.Contains("bin", StringComparison.Ordinal));

        // Whoever runs the tests behind nohup hands on that this signal is ignored, and a program leaves it so.
        return Run.Start(Directory.GetCurrentDirectory(), "env", "--default-signal=HUP", program);
    }

    private static async Task<string> ReadRunAsync(Process process, string until)
    {
        string output = "";
        while (!Words(output).Contains(until, StringComparison.Ordinal))
        {
            output += (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"It ended before '{until}': {output}")) + "\n";
        }

        return RunOf(output);
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string RunOf(string output) => output.Split("run ", 2)[1].Split(' ', '\n')[0];

    private static async Task SignalAsync(Process process, string signal) =>
        (await Run.ProgramAsync("kill", "-" + signal, process.Id.ToString(CultureInfo.InvariantCulture))).Succeeded();
}

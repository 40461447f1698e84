using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class DotNetStepsTests
{
    private const string Key = "k3y-of-the-feed";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_TinyProject_IsBuiltPackedAndPushed()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        directory.Write("src/Tiny.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><PackageId>Devops.Tiny</PackageId><Description>$(Odd)</Description></PropertyGroup>
            </Project>
            """);
        directory.Write("src/Tiny.cs", "namespace Tiny; public static class Answer { public static int Value => 42; }");
        directory.Write("nuget.config", "<configuration><packageSources><clear/></packageSources></configuration>");
        directory.Write("packages/Devops.Tiny.0.9.0.nupkg", "of before");
        directory.MakeDirectory("feed");
        ProcessOptions here = new() { WorkingDirectory = directory.Path };
        SemanticVersion version = SemanticVersion.Parse("1.2.3-rc.1");
        DotNetPackResult? packed = null;
        DotNetPackResult? again = null;
        DotNetTestResult? tested = null;
        JobResult result = await Shell.RunJobAsync(
            async job =>
            {
                await job.DotNetRestoreAsync(new() { Project = "src", Process = here });
                await job.DotNetBuildAsync(new() { Project = "src", NoRestore = true, Version = version, Process = here });
                tested = await job.DotNetTestAsync(new() { Project = "src", NoBuild = true, Process = here });
                await job.DotNetPublishAsync(new() { Project = "src", NoBuild = true, Output = "out", Process = here });
                DotNetPackOptions pack = new() { Project = "src", NoBuild = true, Version = version, Output = "packages", IncludeSymbols = true, Properties = DotNetPackOptions.Default.Properties.Add("Odd", "a;b, 50% $(OS) \"q\""), Process = here };
                packed = await job.DotNetPackAsync(pack);
                again = await job.DotNetPackAsync(pack);
                DotNetPushOptions push = new() { Source = directory.PathOf("feed"), ApiKey = new(Key), Process = here };
                await job.DotNetPushAsync(packed.Packages, push);
                await job.DotNetPushAsync(packed.Packages, push with { SkipDuplicate = true });
            },
            cancellationToken: Cancellation);

        Assert.True(result.Outcome == Outcome.Success, result.Reason);
        Assert.Equal([directory.PathOf("packages/Devops.Tiny.1.2.3-rc.1.nupkg")], packed!.Packages);
        Assert.Equal([directory.PathOf("packages/Devops.Tiny.1.2.3-rc.1.snupkg")], packed.SymbolPackages);
        Assert.Equal(packed.Packages, again!.Packages);
        Assert.Empty(tested!.Reports);
        Assert.True(File.Exists(directory.PathOf("out/Tiny.dll")));
        Assert.NotEmpty(Directory.GetFiles(directory.PathOf("feed"), "*.nupkg", SearchOption.AllDirectories));
        using System.IO.Compression.ZipArchive package = await System.IO.Compression.ZipFile.OpenReadAsync(packed.Packages[0], Cancellation);
        using StreamReader nuspec = new(await package.GetEntry("Devops.Tiny.nuspec")!.OpenAsync(Cancellation));
        Assert.Contains("<description>a;b, 50% $(OS) \"q\"</description>", await nuspec.ReadToEndAsync(Cancellation), StringComparison.Ordinal);

        // NUKE's issues 1179 and 1504: the key was in the line of the command, and in the output.
        Assert.Contains(result.Log, line => line.Source == LogSource.Job && line.Text.EndsWith("--api-key ***", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Log, line => line.Text.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DotNetPushAsync_Fails_HidesTheKey()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        DotNetPushOptions push = new() { Source = directory.PathOf("none"), ApiKey = new(Key), Process = new() { WorkingDirectory = directory.Path } };
        JobResult result = await Shell.RunJobAsync(job => job.DotNetPushAsync(["missing.nupkg"], push), cancellationToken: Cancellation);
        JobError error = Assert.IsType<JobError>(result.Error);
        Assert.Contains("--api-key ***'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, push.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DotNetPushAsync_NoPackage_IsRefused()
    {
        JobResult result = await Shell.RunJobAsync(job => job.DotNetPushAsync([], new()), cancellationToken: Cancellation);
        Assert.Equal(typeof(ArgumentException).FullName, result.Error?.Type);
    }

    [Fact]
    public async Task PackAndTest_RelativeDirectories_AreThoseOfTheRun()
    {
        using TemporaryDirectory directory = TemporaryDirectory.Create();
        DotNetPackResult? packed = null;
        DotNetTestResult? tested = null;
        JobResult result = await Shell.RunJobAsync(
            async job =>
            {
                packed = await job.DotNetPackAsync();
                tested = await job.DotNetTestAsync();
            },
            new() { Directory = directory.Path, ProcessRunner = new WritingDotNet() },
            Cancellation);
        Assert.True(result.Outcome == Outcome.Success, result.Reason);
        Assert.Equal([directory.PathOf("artifacts/packages/a.1.0.0.nupkg")], packed!.Packages);
        Assert.Equal([directory.PathOf("TestResults/a.trx")], tested!.Reports);
    }

    /// <summary>Stands in for <c>dotnet</c>, and writes where it would.</summary>
    private sealed class WritingDotNet : IProcessRunner
    {
        public Task<ProcessExit> RunAsync(ProcessRequest request, IProcessSink sink, CancellationToken cancellationToken = default)
        {
            string directory = request.WorkingDirectory!;
            int output = request.Arguments.IndexOf("--output");
            string file = output >= 0 ? Path.Combine(directory, request.Arguments[output + 1], "a.1.0.0.nupkg") : Path.Combine(directory, "TestResults", "a.trx");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "x");
            return Task.FromResult(new ProcessExit(0, TimeSpan.Zero));
        }
    }
}

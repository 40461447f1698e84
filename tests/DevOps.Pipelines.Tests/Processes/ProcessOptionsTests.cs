using System.Collections.Immutable;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

public sealed class ProcessOptionsTests
{
    [Fact]
    public void Values_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessOptions { Timeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessOptions { Timeout = TimeSpan.FromDays(50) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessOptions { GracePeriod = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentException>(() => new ProcessOptions { AllowedExitCodes = [] });
        Assert.Throws<ArgumentNullException>(() => new ProcessOptions { StandardInput = null! });
        Assert.Throws<ArgumentNullException>(() => new ProcessOptions { Environment = null! });
        Assert.Throws<ArgumentNullException>(() => new ProcessOptions { InheritedEnvironment = null! });
        Assert.Null(new ProcessOptions { Timeout = null }.Timeout);
        Assert.Equal([0], ProcessOptions.Default.AllowedExitCodes);
        Assert.Equal(TimeSpan.FromSeconds(5), ProcessOptions.Default.GracePeriod);
    }

    [Fact]
    public void ToString_Secrets_AreLeftOut()
    {
        ProcessOptions options = new() { StandardInput = "hidden", SecretArguments = ["hidden"], Environment = ImmutableDictionary<string, string?>.Empty.Add("A", "hidden") };
        Assert.DoesNotContain("hidden", options.ToString(), StringComparison.Ordinal);
        ProcessRequest request = new() { FileName = "x", Arguments = ["hidden"], StandardInput = "hidden"u8.ToArray() };
        Assert.DoesNotContain("hidden", request.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", new ProcessResult("hidden").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("LC_ALL", true)]
    [InlineData("LC_", true)]
    [InlineData("TZ", true)]
    [InlineData("PATHS", false)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false)]
    [InlineData("GITHUB_TOKEN", false)]
    [InlineData("NUGET_API_KEY", false)]
    [InlineData("SSH_AUTH_SOCK", false)]
    [InlineData("LD_PRELOAD", false)]
    public void Minimal_Variable_IsAsListed(string name, bool expected)
    {
        Assert.Equal(expected, ProcessEnvironment.Minimal.Includes(name));
        Assert.True(ProcessEnvironment.All.Includes(name));
        Assert.False(ProcessEnvironment.None.Includes(name));
        Assert.True(ProcessEnvironment.Minimal.With(name).Includes(name));
    }

    [Fact]
    public void Only_EmptyName_IsRefused() => Assert.Throws<ArgumentException>(() => ProcessEnvironment.Only("A", ""));

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task AllowedExitCodes_Code_IsAResult(int code)
    {
        Shell.Require();
        ProcessOptions options = new() { AllowedExitCodes = [0, 3] };
        ProcessResult result = await ProcessExecution.RunAsync("sh", ["-c", $"echo x; exit {code}"], options, ProcessScope.Silent(TimeProvider.System), TestContext.Current.CancellationToken);
        Assert.Equal((code, "x\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task AllowedExitCodes_OtherCode_Fails(int code)
    {
        Shell.Require();
        ProcessOptions options = new() { AllowedExitCodes = [3] };
        ProcessFailedException error = await Assert.ThrowsAsync<ProcessFailedException>(() => ProcessExecution.RunAsync(
            "sh", ["-c", $"exit {code}"], options, ProcessScope.Silent(TimeProvider.System), TestContext.Current.CancellationToken));
        Assert.Equal(code, error.ExitCode);
    }

    [Fact]
    public async Task Timeout_Over_IsAnErrorOfItsOwn()
    {
        Shell.Require();
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        List<LogLine> log = [];
        ProcessScope scope = new(new SystemProcessRunner(clock), clock, line =>
        {
            log.Add(line);
            clock.Advance(TimeSpan.FromMinutes(2));
        });
        ProcessTimeoutException error = await Assert.ThrowsAsync<ProcessTimeoutException>(() => ProcessExecution.RunAsync(
            "sh", ["-c", "printf 'begun\nPassword: '; sleep 600"], new() { Timeout = TimeSpan.FromMinutes(2), GracePeriod = TimeSpan.Zero }, scope, TestContext.Current.CancellationToken));
        Assert.Equal(("begun\nPassword: ", TimeSpan.FromMinutes(2)), (error.LastLines, error.Timeout));
        Assert.Contains("did not end within 00:02:00", error.Message, StringComparison.Ordinal);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromMinutes(2)], log.Select(line => line.At - DateTimeOffset.UnixEpoch));
    }
}

using System.Diagnostics;

namespace DevOps.Archives.Tests;

/// <summary>Runs tests of this assembly in a process of their own: with other switches of the runtime, or alone in their memory.</summary>
internal static class InnerRun
{
    private const string Mark = "DEVOPS_TEST_INNER";

    internal static bool IsInner => Environment.GetEnvironmentVariable(Mark) == "1";

    internal static async Task PassesAsync(string variable, string value, params string[] arguments)
    {
        ProcessStartInfo info = new(Environment.ProcessPath!, ["-noLogo", "-noColor", .. arguments])
        {
            RedirectStandardOutput = true,
            Environment = { [variable] = value, [Mark] = "1" },
        };
        using Process inner = Process.Start(info)!;
        string said = await inner.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await inner.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(inner.ExitCode == 0, said);
        Assert.Contains("Failed: 0", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0,", said, StringComparison.Ordinal);
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace DevOps.Registry.Server.Tests.Authorization;

/// <summary>The program of Apache that writes htpasswd files.</summary>
internal static class HtpasswdProgram
{
    /// <summary>Runs it; skips the test where it is not installed.</summary>
    internal static async Task RunAsync(params string[] arguments)
    {
        try
        {
            string program = Environment.GetEnvironmentVariable("DEVOPS_TEST_HTPASSWD") is { Length: > 0 } path ? path : "htpasswd";
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (Win32Exception)
        {
            Assert.Skip("htpasswd is not installed: apt-get install apache2-utils");
        }
    }
}

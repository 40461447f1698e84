using System.Diagnostics;

namespace DevOps.EndToEnd.Tests;

/// <summary>Runs programs as a user does.</summary>
internal static class Run
{
    internal static Task<Finished> CliAsync(params string[] arguments) => ProgramAsync(Repository.Cli, arguments);

    internal static Task<Finished> DockerAsync(params string[] arguments) => ProgramAsync("docker", ["--host", Peer.DockerHost, .. arguments]);

    internal static Task<Finished> ProgramAsync(string program, params string[] arguments) => InAsync(Directory.GetCurrentDirectory(), program, arguments);

    internal static async Task<Finished> InAsync(string directory, string program, params string[] arguments)
    {
        using Process process = Start(directory, program, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new($"{program} {string.Join(' ', arguments)}", process.ExitCode, await output, await error);
    }

    internal static Process Start(string directory, string program, params string[] arguments)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Peers may live where there is only loopback: restoring must not ask for lists of vulnerabilities, and no build server must outlive a test.
        info.Environment["NuGetAudit"] = "false";
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.Environment["UseSharedCompilation"] = "false";
        return Process.Start(info)!;
    }
}

using System.Diagnostics;

namespace DevOps.Archives.Tar.Tests;

/// <summary>A reader of tar that eng/peers.sh finds, with the script of the corpus that lists with it.</summary>
internal sealed class LivePeer(string program, string python)
{
    /// <summary>Finds the program, or skips the test.</summary>
    internal static LivePeer Find(string program)
    {
        // GNU tar is part of each system that the tests run on; the others are named by eng/peers.sh.
        return new(program == "tar" ? program : Named(program), Named("python3"));

        static string Named(string program)
        {
            string variable = $"DEVOPS_TEST_{program.ToUpperInvariant()}";
            string? path = Environment.GetEnvironmentVariable(variable);
            Assert.SkipWhen(string.IsNullOrEmpty(path), $"{program} is not at hand ({variable} is not set): run eng/test.sh, which finds it");
            return path!;
        }
    }

    internal Task<string> RunAsync(string[] command, CancellationToken cancellationToken) => RunAsync(program, command[1..], cancellationToken);

    internal Task<string> ListAsync(string peer, CancellationToken cancellationToken) =>
        RunAsync(python, [TarCorpus.PathOf($"make/list-{peer}.py"), TarCorpus.Directory], cancellationToken);

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo info = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["LC_ALL"] = "C.UTF-8";
        info.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}

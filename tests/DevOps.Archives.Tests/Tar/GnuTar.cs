using System.Diagnostics;

namespace DevOps.Archives.Tar.Tests;

/// <summary>GNU tar, where it is installed: the reference of most formats that are in use.</summary>
internal static class GnuTar
{
    private const string Program = "/usr/bin/tar";

    internal static bool Exists => OperatingSystem.IsLinux() && File.Exists(Program);

    internal static async Task<string[]> ListAsync(byte[] archive, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Program, ["--list", "--verbose", "--numeric-owner", "--full-time", "--utc", "--quoting-style=literal", "--file=-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(archive, cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    internal static async Task ExtractAsync(byte[] archive, string directory, params string[] options)
    {
        Assert.SkipUnless(Exists, "GNU tar is not installed");
        ProcessStartInfo info = new(Program, ["--extract", "--file=-", .. options]) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(archive, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
    }

    internal static async Task<byte[]> CreateAsync(string directory, params string[] options)
    {
        Assert.SkipUnless(Exists, "GNU tar is not installed");
        ProcessStartInfo info = new(Program, ["--create", "--file=-", "--sort=name", "--mtime=@1700000000", .. options, "."])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(info)!;
        using MemoryStream archive = new();
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.BaseStream.CopyToAsync(archive, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return archive.ToArray();
    }
}

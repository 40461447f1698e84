using System.Diagnostics;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests;

/// <summary>A disk of its own for a test, which can be too small or read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _directory;

    private SmallDisk(TemporaryDirectory directory) => _directory = directory;

    internal string Path => _directory.PathOf("disk");

    /// <summary>Mounts a disk; skips the test where that is not allowed.</summary>
    internal static SmallDisk Mount(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a disk.");
        SmallDisk disk = new(TemporaryDirectory.Create());
        Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk._directory.MakeDirectory("disk"));
        return disk;
    }

    internal void Remount(string options) => Run("mount", "-o", "remount," + options, Path);

    public void Dispose()
    {
        Run("umount", Path);
        _directory.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

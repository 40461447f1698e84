using System.Diagnostics;
using System.Globalization;

namespace DevOps.Benchmarks.Comparison;

/// <summary>Finds programs and runs them, with what they took.</summary>
internal static class Programs
{
    private static readonly string? Time = Find("time");

    /// <summary>Gets whether processor time and memory of processes can be had.</summary>
    internal static bool KnowsResources => Time is not null;

    internal static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Gets the first line that a program says of itself.</summary>
    internal static string Version(string name)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, [name == "go" ? "version" : "--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return text.Split('\n')[0].Trim();
    }

    /// <summary>Runs a line of the shell.</summary>
    /// <param name="line">The line; <c>"$1"</c> is the first argument.</param>
    /// <param name="output">The file that it writes, removed before; <see langword="null"/> for none.</param>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static Measurement Run(string line, string? output, params string[] arguments)
    {
        if (output is not null)
        {
            File.Delete(output);
        }

        // By GNU time, and not from here: a process inherits the peak of the memory of the one that it was forked from.
        using TemporaryFile figures = new();
        string[] shell = ["/bin/sh", "-c", line, "sh", .. arguments];
        string[] command = Time is null ? shell : [Time, "-q", "-f", "%U %S %M", "-o", figures.Path, .. shell];
        Stopwatch clock = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true })!;
        process.StandardInput.Close();
        process.WaitForExit();
        double seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{line}' ended with exit code {process.ExitCode}.");
        }

        long? size = output is null ? null : new FileInfo(output).Length;
        if (Time is null)
        {
            return new(seconds, null, null, size);
        }

        string[] words = File.ReadAllText(figures.Path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double[] numbers = [.. words.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new(seconds, numbers[0] + numbers[1], (long)numbers[2] << 10, size);
    }

    /// <summary>Runs something in this process.</summary>
    /// <param name="work">What; returns how large its output is.</param>
    internal static Measurement RunHere(Func<long?> work)
    {
        GC.Collect();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Stopwatch clock = Stopwatch.StartNew();
        long? size = work();
        return new(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, null, size);
    }

    private sealed class TemporaryFile : IDisposable
    {
        internal string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}

using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DevOps.Archives.Packing;

namespace DevOps.Benchmarks.Comparison;

/// <summary>What a figure must be read with: the processor, the system, and the versions of everything that took part.</summary>
internal static class Machine
{
    private static readonly string[] InterestingFlags = ["sha_ni", "avx2", "avx512f", "avx512bw", "avx512vl", "pclmulqdq", "vpclmulqdq", "bmi2", "sha2", "pmull", "crc32"];

    internal static void Describe(Report report, params string[] programs)
    {
        string[] info = ReadLines("/proc/cpuinfo");
        string[] flags = Field(info, "flags", "Features").Split(' ').Intersect(InterestingFlags).ToArray();
        string version = typeof(TarPacker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        report.Section("Machine");
        report.Header("what", "is");
        report.Row("processor", $"{Field(info, "model name", "CPU part")}, {Environment.ProcessorCount} cores");
        report.Row("of its extensions", flags.Length == 0 ? Text.Unknown : string.Join(", ", flags));
        report.Row("memory", $"{Text.Megabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} MB");
        report.Row("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        report.Row("load of the last minute, at the end", Load);
        report.Row(".NET", RuntimeInformation.FrameworkDescription);
        report.Row("OpenSSL", OpenSsl());
        report.Row("DevOps.Archives", version);
        foreach (string program in programs)
        {
            report.Row(program, Programs.Find(program) is null ? "not installed" : Programs.Version(program));
        }
    }

    /// <summary>Gets the number of processes that wanted to run in the last minute.</summary>
    internal static string Load => ReadLines("/proc/loadavg") is [var line, ..] ? line.Split(' ')[0] : Text.Unknown;

    private static string OpenSsl() => OperatingSystem.IsLinux() ? $"0x{SafeEvpPKeyHandle.OpenSslVersion.ToString("X8", CultureInfo.InvariantCulture)}" : Text.Unknown;

    private static string Field(string[] lines, params string[] names) =>
        lines.Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair.Length == 2 && names.Contains(pair[0].Trim()))?[1].Trim() ?? "unknown";

    private static string[] ReadLines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}

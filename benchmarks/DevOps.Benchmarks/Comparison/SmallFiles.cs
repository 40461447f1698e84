using System.Formats.Tar;
using System.IO.Compression;

namespace DevOps.Benchmarks.Comparison;

/// <summary>Packs 100,000 files of 1 KB with this SDK and with the base class library, each as a process.</summary>
internal static class SmallFiles
{
    private const int Folders = 100;
    private const int FilesOfFolder = 1000;
    private const int FileBytes = 1000;

    private const string Ours = "devops pack, fast";
    private const string Library = "TarFile.CreateFromDirectory + GZipStream fastest";

    internal static void Run(Options options)
    {
        string cli = options.RequireCli();
        using ScratchDirectory scratch = new();
        Console.Error.WriteLine($"writing {Folders * FilesOfFolder} files");
        Trees.Write(scratch["tree"], Folders, FilesOfFolder, _ => FileBytes);
        Contest contest = new(options.Rounds);
        Add(Ours, "exec \"$1\" pack \"$2\" -o \"$3\" --level fast --json >/dev/null", cli);
        Add(Ours + ", --threads 1", "exec \"$1\" pack \"$2\" -o \"$3\" --level fast --threads 1 --json >/dev/null", cli);
        Add(Library, "exec \"$1\" tarfile \"$2\" \"$3\"", Environment.ProcessPath!);
        if (Programs.Find("igzip") is not null)
        {
            Add("tar \\| igzip -1", "exec \"$1\" -C \"$2\" -cf - . | igzip -1 >\"$3\"", "tar");
        }

        contest.Run();
        Report report = new();
        report.Title("Packing many small files");
        report.Line($"{Folders * FilesOfFolder} files of {FileBytes} bytes in {Folders} directories. Medians of {options.Rounds} rounds of one run; start-up of each process included.");
        report.Section("Times and sizes");
        report.Header("what", "seconds", "files a second", "bytes", "CPU seconds", "peak MB");
        foreach (string name in contest.Names)
        {
            Measurement measured = contest[name]!;
            report.Row(name, Text.Seconds(measured.Seconds), Text.Bytes((long)(Folders * FilesOfFolder / measured.Seconds)), Text.Bytes(measured.OutputBytes), Text.Seconds(measured.CpuSeconds), Text.Megabytes(measured.PeakBytes));
        }

        report.Section("Goals");
        Verdicts.Header(report);
        Verdicts.AtLeast(report, "speed of devops pack fast, of TarFile and GZipStream", contest[Library]?.Seconds / contest[Ours]?.Seconds, 5);
        Machine.Describe(report, "igzip");
        report.Publish(options.Output);

        void Add(string name, string line, string program) => contest.Add(name, () =>
        {
            Measurement measured = Programs.Run(line, scratch["output"], program, scratch["tree"], scratch["output"]);
            File.Delete(scratch["output"]);
            return measured;
        });
    }

    /// <summary>What the base class library offers for the job, in a process of its own.</summary>
    internal static void PackWithLibrary(string directory, string output)
    {
        using FileStream file = File.Create(output);
        using GZipStream gzip = new(file, CompressionLevel.Fastest);
        TarFile.CreateFromDirectory(directory, gzip, includeBaseDirectory: false);
    }
}

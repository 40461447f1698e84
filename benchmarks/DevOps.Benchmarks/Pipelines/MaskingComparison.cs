using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DevOps.Benchmarks.Comparison;
using DevOps.Pipelines;

namespace DevOps.Benchmarks.Pipelines;

/// <summary>Measures how fast secrets are hidden, beside SHA-256 and a copy of the same bytes, all on one thread.</summary>
internal static class MaskingComparison
{
    private const int TextBytes = 16 << 20;
    private const int PieceBytes = 64 << 10;
    private const int LineBytes = 120;

    private const string Copy = "copy";
    private const string Hash = "SHA-256";
    private const string HashOfLines = "SHA-256, pieces of 120 bytes";

    private static readonly int[] Counts = [1, 100, 1000];

    internal static void Run(Options options)
    {
        byte[] log = LogCorpus.BuildLog(TextBytes);
        Contest contest = new(options.Rounds);
        byte[] target = new byte[PieceBytes];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(contest, Copy, log, PieceBytes, piece => piece.CopyTo(target), () => { });
        Add(contest, Hash, log, PieceBytes, hash.AppendData, () => hash.GetHashAndReset());
        Add(contest, HashOfLines, log, LineBytes, hash.AppendData, () => hash.GetHashAndReset());
        List<(int Count, double BuildSeconds, int States)> searches = [];
        foreach (int count in Counts)
        {
            string[] secrets = LogCorpus.Secrets(count);
            SecretMasker masker = new();
            Array.ForEach(secrets, masker.Add);
            long start = Stopwatch.GetTimestamp();
            SecretAutomaton automaton = masker.Automaton;
            searches.Add((count, Stopwatch.GetElapsedTime(start).TotalSeconds, automaton.NodeCount));
            AddMaskers(contest, count, masker, secrets, log);
        }

        contest.Run();
        Publish(options, contest, searches);
    }

    private static void AddMaskers(Contest contest, int count, SecretMasker masker, string[] secrets, byte[] log)
    {
        string text = Encoding.UTF8.GetString(log);
        AddFilter(contest, Name(count, "log"), masker, log, PieceBytes);
        AddFilter(contest, Name(count, "log, pieces of 4 KiB"), masker, log, 4 << 10);
        AddFilter(contest, Name(count, "log, pieces of 120 bytes"), masker, log, LineBytes);
        AddFilter(contest, Name(count, "log with a secret in each 4 KiB"), masker, LogCorpus.WithSecrets(log, secrets, 4 << 10), PieceBytes);
        AddFilter(contest, Name(count, "log with a secret in each 256 bytes"), masker, LogCorpus.WithSecrets(log, secrets, 256), PieceBytes);
        AddFilter(contest, Name(count, "nothing but beginnings of secrets"), masker, LogCorpus.Beginnings(secrets, TextBytes / 4), PieceBytes);
        contest.Add(Name(count, "log, as one string"), () => Measure(log.Length, () =>
        {
            if (!ReferenceEquals(text, masker.Mask(text)))
            {
                throw new InvalidOperationException("A text without secrets was changed.");
            }
        }));
    }

    private static void Publish(Options options, Contest contest, List<(int Count, double BuildSeconds, int States)> searches)
    {
        Report report = new();
        report.Title("Hiding secrets");
        report.Line($"Lines as builds write them, with hex digests and runs of base64: {Text.Megabytes(TextBytes)} MB, in pieces of 64 KiB where nothing else is said. Secrets of 16 to 64 random printable characters, with all their forms.");
        report.Line($"One thread, by its processor time. Medians of {options.Rounds} rounds; every thing runs once a round, after one run that does not count.");
        report.Section("Rates");
        report.Header("what", "MB/s", "of SHA-256", "of a copy");
        double hash = Rate(contest, Hash);
        double copy = Rate(contest, Copy);
        foreach (string name in contest.Names)
        {
            double rate = Rate(contest, name);
            report.Row(name, rate.ToString("0", CultureInfo.InvariantCulture), Text.Ratio(rate / hash), Text.Ratio(rate / copy));
        }

        report.Section("The search");
        report.Header("secrets", "states", "MB of states", "seconds to build");
        foreach ((int count, double seconds, int states) in searches)
        {
            report.Row($"{count}", Text.Bytes(states), Text.Megabytes(states * 16L), Text.Seconds(seconds));
        }

        report.Section("Goals");
        Verdicts.Header(report);
        foreach (int count in Counts)
        {
            Verdicts.AtLeast(report, $"rate with {Secrets(count)}, of SHA-256", Rate(contest, Name(count, "log")) / hash, 1);
        }

        Verdicts.Tell(report, "rate with 100 secrets in pieces of 120 bytes, of SHA-256 of the same pieces", Rate(contest, Name(100, "log, pieces of 120 bytes")) / Rate(contest, HashOfLines));
        Machine.Describe(report);
        report.Publish(options.Output);
    }

    private static double Rate(Contest contest, string name) => contest[name]!.OutputBytes!.Value / 1e6 / contest[name]!.Seconds;

    private static string Name(int count, string text) => $"{Secrets(count)}, {text}";

    private static string Secrets(int count) => count == 1 ? "1 secret" : $"{count} secrets";

    private static void AddFilter(Contest contest, string name, SecretMasker masker, byte[] text, int pieceBytes)
    {
        IByteFilter filter = masker.CreateFilter();
        ArrayBufferWriter<byte> output = new(PieceBytes * 2);
        Add(contest, name, text, pieceBytes, Write, () =>
        {
            filter.Complete(output);
            output.ResetWrittenCount();
        });

        void Write(ReadOnlySpan<byte> piece)
        {
            filter.Write(piece, output);
            output.ResetWrittenCount();
        }
    }

    private static void Add(Contest contest, string name, byte[] text, int pieceBytes, Action<ReadOnlySpan<byte>> take, Action complete) => contest.Add(name, () => Measure(text.Length, () =>
    {
        for (int i = 0; i < text.Length; i += pieceBytes)
        {
            take(text.AsSpan(i, Math.Min(pieceBytes, text.Length - i)));
        }

        complete();
    }));

    /// <summary>Takes the time of the processor, not of the clock: one thread computes, and waiting for a processor that others use is none of its work.</summary>
    private static Measurement Measure(int bytes, Action run)
    {
        run();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        run();
        return new((Environment.CpuUsage.TotalTime - start).TotalSeconds, null, null, bytes);
    }
}

using DevOps.Archives.Compression;
using DevOps.Archives.Directories;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;
using DevOps.Benchmarks.Archives;

namespace DevOps.Benchmarks.Comparison;

/// <summary>What each stage of packing takes of a processor: run alone, on one thread, over the whole content. Beside it, packing as it is.</summary>
internal sealed class StageTable
{
    private const string HashOfTar = "SHA-256 of the tar";
    private const DeflateLevel Level = DeflateLevel.Fast;

    // In the pipeline each task is one thread's at a time; "workers" are as many as there are processors.
    private const string Workers = "workers";
    private const string ProduceTask = "produce";
    private const string HashTask = "hash";
    private const string CutTask = "cut";
    private const string JoinTask = "join";
    private const string WriteTask = "write, while the join hashes";

    private static readonly (string Name, string Task)[] Stages =
    [
        ("walk and stat", ProduceTask), ("tar headers", ProduceTask), ("read files", Workers), (HashOfTar, HashTask), ("find borders", CutTask), ("find matches", Workers), ("count tokens", Workers),
        ("build codes", Workers), ("emit bits", Workers), ("CRC-32", Workers), ("SHA-256 of the output", JoinTask), ("write the output", WriteTask),
    ];

    private readonly Dictionary<string, List<double>> _seconds = Stages.ToDictionary(stage => stage.Name, _ => new List<double>());
    private readonly List<Measurement> _whole = [];
    private readonly string _directory;
    private readonly NativeContent _tar;
    private readonly string _output;

    private StageTable(string directory, NativeContent tar, string output) => (_directory, _tar, _output) = (directory, tar, output);

    /// <summary>Measures every stage.</summary>
    /// <param name="directory">What is packed.</param>
    /// <param name="tar">The tar that it becomes.</param>
    /// <param name="output">A file to write.</param>
    /// <param name="rounds">How often.</param>
    internal static StageTable Measure(string directory, NativeContent tar, string output, int rounds)
    {
        StageTable table = new(directory, tar, output);
        for (int round = 0; round < rounds; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {rounds}: every stage by itself");
            table._whole.Add(Programs.RunHere(table.PackWhole));
            table.MeasureEnds();
            table.MeasureEncoder();
        }

        return table;
    }

    /// <summary>Gets how long packing as it is takes, in this process.</summary>
    internal double WholeSeconds => Measurement.Median(_whole).Seconds;

    internal void Write(Report report)
    {
        double hash = SecondsOf(HashOfTar);
        double sum = Stages.Sum(stage => SecondsOf(stage.Name));
        Measurement whole = Measurement.Median(_whole);
        report.Section("Processor time of each stage");
        report.Line("Level fast. Each stage alone and on one thread, over the whole content. A task of the pipeline is done by one thread at a time, workers by as many as there are cores.");
        report.Line();
        report.Header("stage", "task", "CPU seconds", "of all", "of the hash", "MB/s");
        foreach ((string name, string task) in Stages)
        {
            double seconds = SecondsOf(name);
            report.Row(name, task, Text.Seconds(seconds), Text.Ratio(seconds / sum), Text.Ratio(seconds / hash), Text.Rate(_tar.LengthBytes, seconds));
        }

        report.Row("all stages", "", Text.Seconds(sum), "1.000", Text.Ratio(sum / hash), Text.Rate(_tar.LengthBytes, sum));
        report.Row($"packing as it is, in {Text.Seconds(WholeSeconds)} s", "", Text.Seconds(whole.CpuSeconds), Text.Ratio(whole.CpuSeconds / sum), Text.Ratio(whole.CpuSeconds / hash), Text.Rate(_tar.LengthBytes, whole.CpuSeconds));
    }

    /// <summary>Says whether a task that one thread does at a time takes longer than the hash, which cannot be split.</summary>
    internal void WriteVerdict(Report report)
    {
        (string task, double seconds) = Stages.Where(stage => stage.Task is not Workers and not HashTask).GroupBy(stage => stage.Task)
            .Select(stages => (stages.Key, stages.Sum(stage => SecondsOf(stage.Name)))).MaxBy(task => task.Item2);
        Verdicts.AtMost(report, $"CPU time of the longest serial task but the hash ('{task}'), of the hash", seconds / SecondsOf(HashOfTar), 1);
    }

    private double SecondsOf(string stage) => Measurement.Median(_seconds[stage]);

    private long? PackWhole()
    {
        using FileStream file = File.Create(_output);
        return TarPacker.PackAsync(DirectoryReader.Read(_directory).ToAsyncEnumerable(), file, new() { Compression = PackCompression.Gzip(Level) }).GetAwaiter().GetResult().SizeBytes;
    }

    /// <summary>The stages before and behind the encoder.</summary>
    private void MeasureEnds()
    {
        List<TarItem> items = [];
        byte[] header = new byte[UstarHeader.Length];
        Add("walk and stat", () => items = [.. DirectoryReader.Read(_directory)]);
        Add("tar headers", () => items.ForEach(item => TarHeaders.Write(item.Member, header)));
        using (NativeContent buffer = new(2 << 20))
        {
            Add("read files", () => items.ForEach(item => Read(item, buffer)));
        }

        Add(HashOfTar, () => ContentDigest.Of(_tar));
        Add("find borders", () => Segments.Of(_tar));
        using NativeContent packed = NativeContent.Read(_output);
        Add("SHA-256 of the output", () => ContentDigest.Of(packed));
        File.Delete(_output);
        Add("write the output", () => Write(packed));
        File.Delete(_output);
    }

    /// <summary>The steps of the encoder, segment by segment as it works, so that what a step finds in the caches is about what it finds there.</summary>
    private unsafe void MeasureEncoder()
    {
        StepClock clock = new();
        using EncoderSteps steps = new(Level);
        foreach ((long start, int length) in Segments.Of(_tar))
        {
            byte* segment = _tar.Start + start;
            clock.Begin();
            steps.Find(segment, length);
            clock.End("find matches");
            steps.Count();
            clock.End("count tokens");
            steps.BuildCodes();
            clock.End("build codes");
            steps.Emit();
            clock.End("emit bits");
            _ = Crc32.Append(0, new(segment, length));
            clock.End("CRC-32");
        }

        foreach ((string stage, TimeSpan taken) in clock.Taken)
        {
            _seconds[stage].Add(taken.TotalSeconds);
        }
    }

    private void Add(string stage, Action work)
    {
        StepClock clock = new();
        clock.Begin();
        work();
        clock.End(stage);
        _seconds[stage].Add(clock.Taken[stage].TotalSeconds);
    }

    private static void Read(TarItem item, NativeContent buffer)
    {
        if (item.Content?.FilePath is not { } path || item.Member.LengthBytes == 0)
        {
            return;
        }

        FileRead file = new(path, path, item.Member.LengthBytes);
        for (long at = 0; at < item.Member.LengthBytes; at += buffer.LengthBytes)
        {
            file.Read(buffer.All[..(int)Math.Min(buffer.LengthBytes, item.Member.LengthBytes - at)], at);
        }

        file.End();
    }

    private void Write(NativeContent content)
    {
        using FileStream file = File.Create(_output);
        for (long at = 0; at < content.LengthBytes;)
        {
            Span<byte> part = content.Part(at);
            file.Write(part);
            at += part.Length;
        }
    }
}

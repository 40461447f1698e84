using System.Text;
using DevOps.Archives.Packing;
using DevOps.Archives.Tar;

namespace DevOps.Benchmarks.Archives;

/// <summary>
/// The content that the benchmarks work on: 32 MiB of files. By default the assemblies of the shared framework that runs them; DEVOPS_BENCHMARK_CORPUS names a directory, or is <c>mix</c> for made-up
/// content that is the same on every machine.
/// </summary>
/// <remarks>Benchmarks state <see cref="Mebibytes"/> as their number of operations, so that their times are those of one MiB.</remarks>
internal static class Corpus
{
    internal const int Mebibytes = 32;
    internal const string Variable = "DEVOPS_BENCHMARK_CORPUS";

    private const int LengthBytes = Mebibytes << 20;
    private const int MixFileBytes = 256 << 10;

    /// <summary>Gets the files. Where there are too few, they come again under other names.</summary>
    internal static List<(string Name, byte[] Bytes)> Files()
    {
        List<(string Name, byte[] Bytes)> files = [];
        string? choice = Environment.GetEnvironmentVariable(Variable);
        int left = LengthBytes;
        for (int turn = 0; left > 0; turn++)
        {
            int before = left;
            foreach ((string name, byte[] bytes) in choice == "mix" ? Mix(turn) : FromDirectory(choice ?? Path.GetDirectoryName(typeof(object).Assembly.Location)!))
            {
                byte[] taken = bytes.Length <= left ? bytes : bytes[..left];
                files.Add(($"{turn}/{name}", taken));
                left -= taken.Length;
                if (left == 0)
                {
                    break;
                }
            }

            if (left == before)
            {
                throw new InvalidOperationException($"There is no content in '{choice}'. Let {Variable} name a directory with files in it.");
            }
        }

        return files;
    }

    /// <summary>Gets the tar of the files, cut to exactly <see cref="Mebibytes"/>.</summary>
    internal static NativeContent Tar()
    {
        using MemoryStream tar = new();
        TarPacker.PackAsync(Items(Files()).ToAsyncEnumerable(), tar, new() { Compression = PackCompression.None }).GetAwaiter().GetResult();
        NativeContent content = new(LengthBytes);
        tar.GetBuffer().AsSpan(0, LengthBytes).CopyTo(content.All);
        return content;
    }

    internal static IEnumerable<TarItem> Items(IEnumerable<(string Name, byte[] Bytes)> files) =>
        files.Select(file => new TarItem(new(file.Name, TarMemberKind.File) { LengthBytes = file.Bytes.Length }, TarContent.FromBytes(file.Bytes)));

    private static IEnumerable<(string Name, byte[] Bytes)> FromDirectory(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(directory, path), File.ReadAllBytes(path)));

    // Text of few words, records of numbers that rise, noise and zeros, in turn.
    private static IEnumerable<(string Name, byte[] Bytes)> Mix(int turn)
    {
        Random random = new(turn);
        yield return ("text", Text(random));
        byte[] records = new byte[MixFileBytes];
        for (int i = 0; i + 16 <= records.Length; i += 16)
        {
            BitConverter.TryWriteBytes(records.AsSpan(i), i / 16);
            BitConverter.TryWriteBytes(records.AsSpan(i + 8), random.Next(1000));
        }

        yield return ("records", records);
        byte[] noise = new byte[MixFileBytes / 4];
        random.NextBytes(noise);
        yield return ("noise", noise);
        yield return ("zeros", new byte[MixFileBytes / 4]);
    }

    private static byte[] Text(Random random)
    {
        string[] words = [.. Enumerable.Range(0, 2000).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)('a' + (random.Next(26) * random.Next(26) / 26)))]))];
        StringBuilder text = new();
        while (text.Length < MixFileBytes)
        {
            text.Append(words[random.Next(words.Length) * random.Next(words.Length) / words.Length]).Append(random.Next(12) == 0 ? '\n' : ' ');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, MixFileBytes));
    }
}

using System.Globalization;

namespace DevOps.Benchmarks.Comparison;

/// <summary>What a comparison is told on the command line.</summary>
internal sealed record Options(string? Directory, int Rounds, string? Cli, string? Output)
{
    /// <summary>Gets how large a blob is where one stands for all that are large.</summary>
    /// <value>4 GiB by default.</value>
    internal long BlobBytes { get; init; } = 4L << 30;

    /// <summary>Gets where the sources of programs lie that stand for others.</summary>
    internal string? Peers { get; init; }

    /// <summary>Reads <c>[DIR] [ROUNDS] [--cli FILE] [--output FILE] [--blob-mib COUNT] [--peers DIR]</c>. A number is the rounds; write <c>./7</c> for a directory of that name.</summary>
    /// <exception cref="ArgumentException">Something else stands there.</exception>
    internal static Options Parse(IEnumerable<string> words, bool takesDirectory)
    {
        Options options = new(null, 3, null, null);
        Queue<string> left = new(words);
        while (left.TryDequeue(out string? word))
        {
            options = word switch
            {
                "--cli" when left.TryDequeue(out string? path) => options with { Cli = path },
                "--output" when left.TryDequeue(out string? path) => options with { Output = path },
                "--peers" when left.TryDequeue(out string? path) => options with { Peers = path },
                "--blob-mib" when left.TryDequeue(out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 => options with { BlobBytes = (long)count << 20 },
                _ when int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) && rounds > 0 => options with { Rounds = rounds },
                _ when takesDirectory && options.Directory is null && !word.StartsWith('-') => options with { Directory = word },
                _ => throw new ArgumentException($"'{word}' is not understood here."),
            };
        }

        return options.Directory is { } directory && !System.IO.Directory.Exists(directory)
            ? throw new ArgumentException($"The directory '{directory}' does not exist.")
            : options;
    }

    /// <summary>Gets the command line of this SDK.</summary>
    internal string RequireCli() => Cli is { } path && File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new ArgumentException("Name the command line with --cli FILE; build samples/Cli for it.");

    internal string RequireDirectory() => Directory is { } directory
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))
        : throw new ArgumentException("Name a directory to pack.");
}

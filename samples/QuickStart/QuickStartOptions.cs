using System.Collections.Immutable;
using DevOps.Oci;

namespace QuickStart;

/// <summary>What the command line asks for.</summary>
internal sealed record QuickStartOptions
{
    internal const string Command = "dotnet run --project samples/QuickStart --";

    internal const string Usage = $"""
        usage: {Command} [options] [options of a pipeline's program]

          --source DIR                    the web project to ship, in a git checkout (default: samples/Greeter of this repository)
          --base REFERENCE                the base image, as mcr.microsoft.com/dotnet/aspnet:10.0 (default: scratch)
          --registry HOST[:PORT][/PATH]   where to push (default: an embedded registry on loopback)
        """;

    internal required string RepositoryRoot { get; init; }

    internal required string Source { get; init; }

    internal ImageReference? Base { get; init; }

    internal RegistryAddress? Registry { get; init; }

    internal string RegistryPath { get; init; } = "quickstart";

    internal bool IsOwnSample => Source == Path.Combine(RepositoryRoot, "samples", "Greeter");

    /// <summary>Gets the options of the run itself as they were given, for whoever resumes it.</summary>
    internal required ImmutableArray<string> Own { get; init; }

    /// <summary>Gets what is for the program of the pipeline, as <c>--resume</c>.</summary>
    internal required ImmutableArray<string> Rest { get; init; }

    /// <summary>Gets whether an earlier run goes on, with its options and on top of its results.</summary>
    internal bool GoesOn => Rest.Any(arg => arg is "--resume" or "--from" || arg.StartsWith("--resume=", StringComparison.Ordinal) || arg.StartsWith("--from=", StringComparison.Ordinal));

    internal string OutputDirectory => Path.Combine(RepositoryRoot, "artifacts", "quickstart");

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says why.</exception>
    internal static QuickStartOptions Parse(string[] args)
    {
        string root = FindRoot(Directory.GetCurrentDirectory()) ?? FindRoot(AppContext.BaseDirectory)
            ?? throw new FormatException("The repository of this program was not found. Run it from a checkout.");
        (ImmutableArray<string> own, ImmutableArray<string> rest) = Split(args);
        QuickStartOptions options = new() { RepositoryRoot = root, Source = Path.Combine(root, "samples", "Greeter"), Own = own, Rest = rest };
        if (options.GoesOn)
        {
            string kept = Path.Combine(options.OutputDirectory, "options");
            options = own.IsEmpty
                ? options with { Own = File.Exists(kept) ? [.. File.ReadAllLines(kept)] : [] }
                : throw new FormatException($"The run goes on with the options it began with: leave out '{own[0]}'.");
        }

        for (int i = 0; i < options.Own.Length; i += 2)
        {
            string value = options.Own[i + 1];
            options = options.Own[i] switch
            {
                "--source" => options with { Source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(value)) },
                "--base" => options with { Base = value == "scratch" ? null : ImageReference.Parse(value) },
                _ => options.WithRegistry(value),
            };
        }

        return options;
    }

    /// <summary>Parts the options of the run, each with its value, from all others.</summary>
    private static (ImmutableArray<string> Own, ImmutableArray<string> Others) Split(string[] args)
    {
        List<string> own = [];
        List<string> rest = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is not ("--source" or "--base" or "--registry"))
            {
                rest.Add(args[i]);
                continue;
            }

            if (own.Contains(args[i]))
            {
                throw new FormatException($"'{args[i]}' can be given once.");
            }

            own.Add(args[i]);
            own.Add(i + 1 < args.Length && args[i + 1].Length > 0 ? args[++i] : throw new FormatException($"'{args[i]}' needs a value."));
        }

        // A relative path means the same to whoever resumes the run from another directory.
        int source = own.IndexOf("--source");
        if (source >= 0)
        {
            own[source + 1] = Path.GetFullPath(own[source + 1]);
        }

        return ([.. own], [.. rest]);
    }

    private QuickStartOptions WithRegistry(string value)
    {
        string[] parts = value.TrimEnd('/').Split('/', 2);
        return this with
        {
            Registry = RegistryAddress.Parse(parts[0]),
            RegistryPath = parts.Length == 2 ? RepositoryName.Parse(parts[1]).Value : RegistryPath,
        };
    }

    private static string? FindRoot(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "DevOps.sln")))
            {
                return at.FullName;
            }
        }

        return null;
    }
}

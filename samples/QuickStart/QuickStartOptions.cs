using DevOps.Oci;

namespace QuickStart;

/// <summary>What the command line asks for.</summary>
internal sealed record QuickStartOptions
{
    internal const string Usage = """
        usage: dotnet run --project samples/QuickStart -- [options]

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

    internal string OutputDirectory => Path.Combine(RepositoryRoot, "artifacts", "quickstart");

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says why.</exception>
    internal static QuickStartOptions Parse(string[] args)
    {
        string root = FindRoot(Directory.GetCurrentDirectory()) ?? FindRoot(AppContext.BaseDirectory)
            ?? throw new FormatException("The repository of this program was not found. Run it from a checkout.");
        QuickStartOptions options = new() { RepositoryRoot = root, Source = Path.Combine(root, "samples", "Greeter") };
        for (int i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--source" or "--base" or "--registry"))
            {
                throw new FormatException($"'{args[i]}' is not an option.");
            }

            string value = i + 1 < args.Length && args[i + 1].Length > 0 ? args[i + 1] : throw new FormatException($"'{args[i]}' needs a value.");
            if (args.AsSpan(0, i).Contains(args[i]))
            {
                throw new FormatException($"'{args[i]}' can be given once.");
            }

            options = args[i] switch
            {
                "--source" => options with { Source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(value)) },
                "--base" => options with { Base = value == "scratch" ? null : ImageReference.Parse(value) },
                _ => options.WithRegistry(value),
            };
        }

        return options;
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

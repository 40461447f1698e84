using DevOps.Registry;

namespace Cli;

/// <summary>The file that says what is mirrored.</summary>
internal static class MirrorFile
{
    /// <summary>What stands in the file, as the help shows it.</summary>
    internal const string Example = """
        mirrors:
          - from: docker.io/library/alpine
            to: registry.example/mirror/alpine
            tags: { include: [semver: '>=3.20.0'], exclude: [glob: '*-rc*'] }
        """;

    // More than a definition may have, so that it is refused: what is longer is read no further.
    private const int MaxLength = 2 << 20;

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">It is no definition, or an empty one.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    internal static async Task<MirrorDefinition> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new UsageException($"'{path}' is a directory. Name a file in it.")
                : new FileNotFoundException($"The file '{path}' does not exist. Check the path.");
        }

        try
        {
            MirrorDefinition definition = MirrorDefinition.Parse(await ReadTextAsync(path, cancellationToken));
            return definition.Rules.IsEmpty ? throw new UsageException($"{path}: 'mirrors' has no entry, so there is nothing to mirror. Add one with 'from' and 'to'.") : definition;
        }
        catch (MirrorDefinitionException e)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    private static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(path);
        char[] text = new char[MaxLength];
        return new(text, 0, await reader.ReadBlockAsync(text, cancellationToken));
    }
}

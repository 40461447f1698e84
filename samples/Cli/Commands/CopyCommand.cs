using DevOps.Content;
using DevOps.Registry;

namespace Cli;

/// <summary><c>copy SOURCE TARGET</c>: an image, or an index with all its platforms, from any place to any other.</summary>
internal static class CopyCommand
{
    internal const string Usage = "copy SOURCE TARGET [--name REFERENCE] [--insecure HOST[:PORT]]...";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["--name", Shared.Insecure], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        string[] ends = arguments.Values("SOURCE", "TARGET");
        Location from = Location.Parse(ends[0]);
        Location to = Location.Parse(ends[1]);
        using RegistryClient registry = Shared.Registry(arguments);
        SourceLocation source = await SourceLocation.OpenAsync(from, registry, cancellationToken);
        CopyResult copy = await TargetLocation.CopyToAsync(source.Source, source.Root, Shared.Name(arguments) ?? source.Name, to, registry, output, cancellationToken);
        output.Result(
            new()
            {
                ["digest"] = copy.Root.Digest.ToString(),
                ["mediaType"] = copy.Root.MediaType,
                ["copied"] = copy.Copied.Length,
                ["mounted"] = copy.Mounted.Length,
                ["present"] = copy.Skipped.Length,
                ["copiedBytes"] = copy.CopiedBytes,
            },
            $"{copy.Root.Digest}");
        return 0;
    }
}

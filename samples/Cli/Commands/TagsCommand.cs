using System.Text.Json.Nodes;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>tags REPOSITORY</c>: the tags, one a line.</summary>
internal static class TagsCommand
{
    internal const string Usage = "tags REPOSITORY [--insecure HOST[:PORT]]...";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, [Shared.Insecure], ["--json"]);
        bool isJson = arguments.Has("--json");
        Output output = outputFor(isJson);
        ImageReference repository = Shared.Reference(arguments.Values("REPOSITORY")[0]);
        if (repository is not { Tag: null, Digest: null })
        {
            throw new UsageException($"'{repository}' names an image. Leave the tag and the digest away.");
        }

        using RegistryClient registry = Shared.Registry(arguments);
        JsonArray tags = [];
        await foreach (string tag in registry.GetRepository(repository).ListTagsAsync(cancellationToken))
        {
            if (isJson)
            {
                tags.Add((JsonNode)tag);
            }
            else
            {
                Console.Out.WriteLine(Output.Printable(tag));
            }
        }

        if (isJson)
        {
            output.Result(new() { ["repository"] = $"{repository.Registry}/{repository.Repository}", ["tags"] = tags }, "");
        }

        return 0;
    }
}

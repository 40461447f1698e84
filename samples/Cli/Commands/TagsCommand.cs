using System.Text.Json.Nodes;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>tags REPOSITORY</c>: the tags, one a line.</summary>
internal static class TagsCommand
{
    private const string Limit = "--limit";

    internal static Command Command { get; } = new(
        "tags",
        "REPOSITORY",
        "Lists the tags of a repository, one a line, in the registry's order",
        [new(Limit, "N", "ends after so many"), Option.Insecure],
        RunAsync)
    {
        Notes = ["REPOSITORY: HOST/NAME, as ghcr.io/team/api", "Tags are printed as their pages arrive."],
        Examples = ["tags ghcr.io/team/api", "tags localhost:5000/team/api --limit 10 --json"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        ImageReference repository = RegistryReference.Parse(arguments.Values("REPOSITORY")[0]);
        if (repository is not { Tag: null, Digest: null })
        {
            throw new UsageException($"'{repository}' names an image. Leave the tag and the digest away.");
        }

        int limit = Shared.Count(arguments, Limit, int.MaxValue) ?? int.MaxValue;
        using RegistryClient registry = Shared.Registry(arguments);
        JsonArray tags = [];
        await foreach (string tag in registry.GetRepository(repository).ListTagsAsync(cancellationToken).Take(limit).WithCancellation(cancellationToken))
        {
            if (output.IsJson)
            {
                tags.Add((JsonNode)tag);
            }
            else
            {
                output.Line(Output.Printable(tag));
            }
        }

        if (output.IsJson)
        {
            output.Result(new() { ["repository"] = $"{repository.Registry}/{repository.Repository}", ["tags"] = tags }, "");
        }

        return 0;
    }
}

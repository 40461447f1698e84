using System.Text.Json.Nodes;
using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>referrers REFERENCE</c>: signatures, bills of materials and the like of an image, and what refers to those.</summary>
internal static class ReferrersCommand
{
    private const string TypeOption = "--type";
    private const string Depth = "--depth";
    private const int DefaultDepth = 4;
    private const int MaxDepth = 16;
    private const int MaxCount = 10_000;

    internal static Command Command { get; } = new(
        "referrers",
        "REFERENCE",
        "Lists what refers to an image, as signatures and bills of materials, and what refers to those",
        [
            new(TypeOption, "ARTIFACT-TYPE", "lists these only, of those that refer to the image itself"),
            new(Depth, "N", $"goes so deep; {DefaultDepth} by default, and 1 costs one request"),
            Option.Insecure,
        ],
        RunAsync)
    {
        Examples = ["referrers ghcr.io/team/api:1.4", "referrers ghcr.io/team/api:1.4 --type application/spdx+json --depth 1 --json"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        ImageReference reference = Shared.Reference(arguments.Values("REFERENCE")[0]);
        int depth = Shared.Count(arguments, Depth, MaxDepth) ?? DefaultDepth;
        string? type = arguments.Find(TypeOption);
        using RegistryClient registry = Shared.Registry(arguments);
        Digest subject = (await registry.ResolveAsync(reference, cancellationToken)).Root.Digest;
        HashSet<Digest> seen = [subject];
        Referrer[] referrers = await ReadAsync(registry.GetRepository(reference), subject, type, depth, seen, cancellationToken);
        output.Result(
            new() { ["subject"] = subject.ToString(), ["referrers"] = ToJson(referrers) },
            string.Join(Environment.NewLine, [subject.ToString(), .. referrers.Length == 0 ? ["  nothing refers to it"] : ToLines(referrers, "  ")]));
        return 0;
    }

    private static async Task<Referrer[]> ReadAsync(RemoteRepository repository, Digest subject, string? type, int depth, HashSet<Digest> seen, CancellationToken cancellationToken)
    {
        List<Referrer> found = [];
        await foreach (Descriptor referrer in repository.ListReferrersAsync(subject, type, cancellationToken))
        {
            // A registry that lists in circles is not followed.
            if (seen.Add(referrer.Digest))
            {
                found.Add(new(referrer, []));
            }

            if (seen.Count > MaxCount)
            {
                throw new DevOpsException($"{repository} lists more than {MaxCount} referrers. Choose some with '{TypeOption}', or go less deep with '{Depth}'.");
            }
        }

        for (int i = 0; depth > 1 && i < found.Count; i++)
        {
            found[i] = found[i] with { Referrers = await ReadAsync(repository, found[i].Content.Digest, null, depth - 1, seen, cancellationToken) };
        }

        return [.. found];
    }

    private static JsonArray ToJson(IEnumerable<Referrer> referrers) => new([.. referrers.Select(referrer =>
    {
        JsonObject json = referrer.Content.ToJson();
        json["referrers"] = ToJson(referrer.Referrers);
        return (JsonNode)json;
    })]);

    private static IEnumerable<string> ToLines(IEnumerable<Referrer> referrers, string indent)
    {
        foreach (Referrer referrer in referrers)
        {
            yield return Output.Printable($"{indent}{referrer.Content.ArtifactType ?? referrer.Content.MediaType}  {referrer.Content.Digest}  {Output.Bytes(referrer.Content.SizeBytes)}");
            foreach ((string name, string value) in referrer.Content.Annotations)
            {
                yield return Output.Printable($"{indent}  {name}={value}");
            }

            foreach (string line in ToLines(referrer.Referrers, indent + "  "))
            {
                yield return line;
            }
        }
    }

    private sealed record Referrer(Descriptor Content, Referrer[] Referrers);
}

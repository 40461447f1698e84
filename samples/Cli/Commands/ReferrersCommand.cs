using System.Text.Json.Nodes;
using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>referrers SOURCE</c>: signatures, bills of materials and the like of an image, and what refers to those.</summary>
internal static class ReferrersCommand
{
    private const string TypeOption = "--type";
    private const string Depth = "--depth";
    private const int DefaultDepth = 4;
    private const int MaxDepth = 16;
    private const int MaxCount = 10_000;

    internal static Command Command { get; } = new(
        "referrers",
        "SOURCE",
        "Lists what refers to an image, as signatures and bills of materials, and what refers to those",
        [
            new(TypeOption, "ARTIFACT-TYPE", "lists these only, of those that refer to the image itself"),
            new(Depth, "N", $"goes so deep; {DefaultDepth} by default, and 1 costs a registry one request"),
            Option.Insecure,
        ],
        RunAsync)
    {
        Notes = [Location.SourceHelp],
        Examples = ["referrers ghcr.io/team/api:1.4", "referrers ghcr.io/team/api:1.4 --type application/spdx+json --depth 1 --json", "referrers oci:layout:1.4"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        Location from = Location.Parse(arguments.Values("SOURCE")[0]);
        int depth = Shared.Count(arguments, Depth, MaxDepth) ?? DefaultDepth;
        string? type = arguments.Find(TypeOption);
        using RegistryClient registry = Shared.Registry(arguments);
        SourceLocation source = await SourceLocation.OpenAsync(from, registry, cancellationToken);
        Digest subject = source.Root.Digest;
        HashSet<Digest> seen = [subject];
        Referrer[] referrers = await ReadAsync((IReferrerLister)source.Source, subject, type, depth, seen, cancellationToken);
        output.Result(
            new() { ["subject"] = subject.ToString(), ["referrers"] = ToJson(referrers) },
            string.Join(Environment.NewLine, [subject.ToString(), .. referrers.Length == 0 ? ["  nothing refers to it"] : ToLines(referrers, "  ")]));
        return 0;
    }

    private static async Task<Referrer[]> ReadAsync(IReferrerLister lister, Digest subject, string? type, int depth, HashSet<Digest> seen, CancellationToken cancellationToken)
    {
        List<Referrer> found = [];
        await foreach (Descriptor referrer in lister.ListReferrersAsync(subject, type, cancellationToken))
        {
            // A registry that lists in circles is not followed.
            if (seen.Add(referrer.Digest))
            {
                found.Add(new(referrer, []));
            }

            if (seen.Count > MaxCount)
            {
                throw new DevOpsException($"{lister} lists more than {MaxCount} referrers. Choose some with '{TypeOption}', or go less deep with '{Depth}'.");
            }
        }

        for (int i = 0; depth > 1 && i < found.Count; i++)
        {
            found[i] = found[i] with { Referrers = await ReadAsync(lister, found[i].Content.Digest, null, depth - 1, seen, cancellationToken) };
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

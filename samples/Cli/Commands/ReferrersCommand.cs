using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>referrers REFERENCE</c>: signatures, bills of materials and the like of an image.</summary>
internal static class ReferrersCommand
{
    internal const string Usage = "referrers REFERENCE [--type ARTIFACT-TYPE] [--insecure HOST[:PORT]]...";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["--type", Shared.Insecure], ["--json"]);
        bool isJson = arguments.Has("--json");
        Output output = outputFor(isJson);
        ImageReference reference = Shared.Reference(arguments.Values("REFERENCE")[0]);
        using RegistryClient registry = Shared.Registry(arguments);
        Digest subject = reference.Digest ?? (await registry.ResolveAsync(reference, cancellationToken)).Root.Digest;
        JsonArray referrers = [];
        await foreach (Descriptor referrer in registry.GetRepository(reference).ListReferrersAsync(subject, arguments.Find("--type"), cancellationToken))
        {
            if (isJson)
            {
                referrers.Add((JsonNode)referrer.ToJson());
            }
            else
            {
                Console.Out.WriteLine(InspectCommand.Line(referrer).TrimStart());
            }
        }

        if (isJson)
        {
            output.Result(new() { ["subject"] = subject.ToString(), ["referrers"] = referrers }, "");
        }

        return 0;
    }
}

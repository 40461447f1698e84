using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>copy SOURCE TARGET</c>: an image, or an index with all its platforms or some, from any place to any other.</summary>
internal static class CopyCommand
{
    internal const string Usage =
        "copy SOURCE TARGET [--platform OS/ARCH[/VARIANT]]... [--attestations keep|leave-out] [--referrers] [--cosign-tags] [--dry-run] [--name REFERENCE] [--insecure HOST[:PORT]]...";

    private const string PlatformOption = "--platform";
    private const string Attestations = "--attestations";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["--name", PlatformOption, Attestations, Shared.Insecure], ["--referrers", "--cosign-tags", "--dry-run", "--json"]);
        Output output = outputFor(arguments.Has("--json"));
        string[] ends = arguments.Values("SOURCE", "TARGET");
        Location from = Location.Parse(ends[0]);
        Location to = Location.Parse(ends[1]);
        bool isDryRun = arguments.Has("--dry-run");
        if (isDryRun && TargetLocation.IsWrittenByLooking(to))
        {
            throw new UsageException("A dry run into a docker-archive says nothing: it is always written whole.");
        }

        CopyPlanOptions options = new()
        {
            Platforms = Platforms(arguments),
            Referrers = arguments.Has("--referrers") ? ReferrerCopying.Include : ReferrerCopying.LeaveOut,
            CosignTags = arguments.Has("--cosign-tags") ? CosignTagCopying.Include : CosignTagCopying.LeaveOut,
        };
        using RegistryClient registry = Shared.Registry(arguments);
        SourceLocation source = await SourceLocation.OpenAsync(from, registry, cancellationToken);
        CopyPlan? plan = null;
        CopyResult? copy = await TargetLocation.CopyToAsync(source, Shared.Name(arguments) ?? source.Name, to, options, Decide, registry, output, cancellationToken);
        output.Result(copy is null ? Describe(plan!) : Describe(copy), copy is null ? Text(plan!) : $"{copy.Root.Digest}");
        return 0;

        bool Decide(CopyPlan made)
        {
            plan = made;
            if (made.Root != made.SourceRoot)
            {
                output.Progress($"note: the choice of platforms makes {made.Root.Digest} of {made.SourceRoot.Digest}");
            }

            return !isDryRun;
        }
    }

    private static PlatformSelection Platforms(Arguments arguments)
    {
        AttestationManifests attestations = arguments.Find(Attestations) switch
        {
            null or "keep" => AttestationManifests.Keep,
            "leave-out" => AttestationManifests.LeaveOut,
            var other => throw new UsageException($"'{other}' is nothing to do with attestations: use keep or leave-out."),
        };
        if (arguments.All(PlatformOption) is [])
        {
            return arguments.Has(Attestations) ? throw new UsageException($"'{Attestations}' is of use only with '{PlatformOption}'.") : PlatformSelection.All;
        }

        try
        {
            return PlatformSelection.NewIndex(attestations, arguments.All(PlatformOption).Select(Platform.Parse));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static JsonObject Describe(CopyResult copy) => new()
    {
        ["digest"] = copy.Root.Digest.ToString(),
        ["mediaType"] = copy.Root.MediaType,
        ["copied"] = copy.Copied.Length,
        ["mounted"] = copy.Mounted.Length,
        ["present"] = copy.Skipped.Length,
        ["copiedBytes"] = copy.CopiedBytes,
    };

    private static JsonObject Describe(CopyPlan plan) => new()
    {
        ["digest"] = plan.Root.Digest.ToString(),
        ["mediaType"] = plan.Root.MediaType,
        ["sourceDigest"] = plan.SourceRoot.Digest.ToString(),
        ["toCopy"] = plan.Moves.Length,
        ["toMount"] = plan.Mounts.Length,
        ["present"] = plan.Held.Length,
        ["bytesToCopy"] = plan.MoveBytes,
        ["bytesToMount"] = plan.MountBytes,
        ["platforms"] = new JsonArray([.. plan.Platforms.Select(platform => (JsonNode)platform.ToString())]),
        ["leftOut"] = plan.LeftOut.Length,
    };

    private static string Text(CopyPlan plan) =>
        $"{plan.Root.Digest}: {plan.Moves.Length} to copy ({Output.Bytes(plan.MoveBytes)}), {plan.Mounts.Length} to mount ({Output.Bytes(plan.MountBytes)}), {plan.Held.Length} present";
}

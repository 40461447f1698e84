using System.Text.Json.Nodes;
using DevOps.Content;
using DevOps.Registry;

namespace Cli;

/// <summary><c>copy SOURCE TARGET</c>: an image, or an index with all its platforms or some, from any place to any other.</summary>
internal static class CopyCommand
{
    private const string PlatformOption = "--platform";
    private const string Attestations = "--attestations";
    private const string DryRun = "--dry-run";

    internal static Command Command { get; } = new(
        "copy",
        "SOURCE TARGET",
        "Copies an image, or an index with all its platforms or some, from any place to any other",
        [
            new(PlatformOption, "OS/ARCH[/VARIANT]", "copies only these images of an index, in a new index with a digest of its own") { Repeats = true },
            new(Attestations, "keep|leave-out", "what becomes of the attestations of chosen platforms; kept by default"),
            new("--referrers", null, "copies signatures, bills of materials and what else refers to the image"),
            new("--cosign-tags", null, "copies the tags in which cosign keeps signatures"),
            new(DryRun, null, "says what would be done, with its bytes"),
            new("--name", "REFERENCE", "the name that an archive gives the image, as docker load shows it"),
            Option.Insecure,
            Option.Progress,
        ],
        RunAsync)
    {
        Notes = [Location.Help, "With --platform, an image that is in no index must be for one of the platforms too; an artifact, which is for none, is copied.", "What the target holds is not sent again, so a copy that was stopped goes on where it was."],
        Examples =
        [
            "copy docker.io/library/alpine:3.20 ghcr.io/team/alpine:3.20",
            "copy ghcr.io/team/api:1.4 oci:layout:1.4 --platform linux/amd64",
            "copy oci:layout:1.4 docker-archive:api.tar --name team/api:1.4",
        ],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        string[] ends = arguments.Values("SOURCE", "TARGET");
        Location from = Location.Parse(ends[0]);
        Location to = Location.Parse(ends[1]);
        bool isDryRun = arguments.Has(DryRun);
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

        return PlatformSelection.NewIndex(attestations, arguments.All(PlatformOption).Select(Shared.Platform));
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

using System.Text.Json.Nodes;
using DevOps.Registry;

namespace Cli;

/// <summary><c>mirror FILE</c>: keeps repositories equal to others, as a file says.</summary>
internal static class MirrorCommand
{
    private const int Incomplete = 1;
    private const string DryRun = "--dry-run";
    private const string Journal = "--journal";

    internal static Command Command { get; } = new(
        "mirror",
        "FILE",
        "Keeps repositories equal to others, as a file says",
        [
            new(DryRun, null, "says what would be copied and deleted, and changes nothing"),
            new(Journal, "FILE", "lets a mirror that was cut off go on, and remembers the digests of new indexes"),
            Option.Insecure,
            Option.Progress,
        ],
        RunAsync)
    {
        Notes =
        [
            "FILE, in YAML; docs/registry.md tells all its keys:",
            "",
            .. MirrorFile.Example.Split('\n').Select(line => $"  {line.TrimEnd('\r')}"),
            "",
            "A tag that fails does not stop the others; the exit code is then 1, and the same command tries it again.",
        ],
        Examples = ["mirror mirror.yaml --dry-run", "mirror mirror.yaml --journal mirror.journal --json"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        MirrorDefinition definition = await MirrorFile.ReadAsync(arguments.Values("FILE")[0], cancellationToken);
        using RegistryClient registry = Shared.Registry(arguments);
        using MirrorJournal? journal = arguments.Find(Journal) is { } path ? MirrorJournal.Open(path) : null;
        using TransferProgress progress = new(output) { TellsContents = false };
        MirrorOptions options = new() { Mode = arguments.Has(DryRun) ? MirrorMode.DryRun : MirrorMode.Apply, Journal = journal, ContentProgress = progress };
        MirrorResult result = await new Mirror(registry, options).RunAsync(definition, new TagLines(output, progress), cancellationToken);
        progress.Dispose();
        foreach (MirroredRepository repository in result.Repositories)
        {
            Say(output, repository);
        }

        output.Result(
            new()
            {
                ["complete"] = result.IsComplete,
                ["tags"] = new JsonArray([.. result.Tags.Select(tag => (JsonNode)Describe(tag))]),
                ["problems"] = new JsonArray([.. result.Repositories.SelectMany(Problems).Select(problem => (JsonNode)problem)]),
            },
            string.Join(", ", result.Tags.GroupBy(tag => tag.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}").DefaultIfEmpty("no tags")));
        return result.IsComplete ? 0 : Incomplete;
    }

    private static void Say(Output output, MirroredRepository repository)
    {
        foreach (string problem in Problems(repository))
        {
            output.Problem($"error: {problem}");
        }
    }

    private static IEnumerable<string> Problems(MirroredRepository repository)
    {
        string name = $"{repository.Rule.Source}{(repository.Source is { } source ? $"/{source}" : "")}";

        // What was refused because of an error is told with it.
        string problem = string.Join(' ', new[] { repository.Error is { } error ? ErrorText.Of(error) : null, repository.DeletionRefusal }.OfType<string>());
        return problem.Length == 0 ? [] : [$"{name}: {problem}"];
    }

    private static JsonObject Describe(MirroredTag tag) => new()
    {
        ["source"] = tag.Source.ToString(),
        ["target"] = tag.Target.ToString(),
        ["outcome"] = tag.Outcome.ToString(),
        ["digest"] = tag.Digest?.ToString(),
        ["bytes"] = tag.Bytes,
        ["reason"] = Reason(tag),
    };

    private static string? Reason(MirroredTag tag) => tag.Error is { } error ? ErrorText.Of(error) : tag.Reason;

    private static string Word(MirrorOutcome outcome) => outcome switch
    {
        MirrorOutcome.UpToDate => "up to date",
        MirrorOutcome.Copied => "copied",
        MirrorOutcome.WouldCopy => "would be copied",
        MirrorOutcome.Deleted => "deleted",
        MirrorOutcome.WouldDelete => "would be deleted",
        MirrorOutcome.DeletionRefused => "not deleted",
        MirrorOutcome.DoneBefore => "done before",
        _ => "failed",
    };

    private sealed class TagLines(Output output, TransferProgress progress) : IProgress<MirroredTag>
    {
        private int _count;

        public void Report(MirroredTag value)
        {
            string bytes = value.Bytes > 0 ? $" {Output.Bytes(value.Bytes)}" : "";
            string reason = Reason(value) is { } text ? $": {text}" : "";
            string line = $"{Word(value.Outcome),-16} {value.Target}{bytes}{reason}";
            progress.Prefix = $"{Interlocked.Increment(ref _count)} tags seen to, ";
            if (value.Outcome is MirrorOutcome.Failed or MirrorOutcome.DeletionRefused)
            {
                output.Problem(line);
            }
            else
            {
                output.Progress(line);
            }
        }
    }
}

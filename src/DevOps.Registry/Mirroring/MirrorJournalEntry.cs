using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>One line of a journal.</summary>
internal sealed record MirrorJournalEntry(string Event, DateTimeOffset At)
{
    internal const string Started = "started";
    internal const string Finished = "finished";
    internal const string Deleting = "deleting";
    internal const string Done = "done";

    /// <summary>Gets the definition of the run that starts.</summary>
    internal string? Definition { get; init; }

    /// <summary>Gets the tag at the target.</summary>
    internal string? Target { get; init; }

    internal string? Source { get; init; }

    internal MirrorOutcome? Outcome { get; init; }

    internal Digest? SourceDigest { get; init; }

    internal Digest? Digest { get; init; }

    /// <summary>Gets the choice of platforms that made the target's digest of the source's.</summary>
    internal string? Platforms { get; init; }

    internal static MirrorJournalEntry? TryParse(string line)
    {
        using JsonDocument? document = JsonText.TryParse(Encoding.UTF8.GetBytes(line));
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } json || JsonText.Member(json, "event") is not { } name
            || !DateTimeOffset.TryParse(JsonText.Member(json, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
        {
            return null;
        }

        return new(name, at)
        {
            Definition = JsonText.Member(json, "definition"),
            Target = JsonText.Member(json, "target"),
            Source = JsonText.Member(json, "source"),
            Outcome = Enum.TryParse(JsonText.Member(json, "outcome"), out MirrorOutcome outcome) && Enum.IsDefined(outcome) ? outcome : null,
            SourceDigest = Oci.Digest.TryParse(JsonText.Member(json, "sourceDigest"), out Digest? source) ? source : null,
            Digest = Oci.Digest.TryParse(JsonText.Member(json, "digest"), out Digest? digest) ? digest : null,
            Platforms = JsonText.Member(json, "platforms"),
        };
    }

    internal string ToLine()
    {
        JsonObject json = new() { ["event"] = Event, ["at"] = At.ToString("O", CultureInfo.InvariantCulture) };
        Put("definition", Definition);
        Put("source", Source);
        Put("target", Target);
        Put("outcome", Outcome?.ToString());
        Put("sourceDigest", SourceDigest?.ToString());
        Put("digest", Digest?.ToString());
        Put("platforms", Platforms);
        return json.ToJsonString();

        void Put(string name, string? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }
}

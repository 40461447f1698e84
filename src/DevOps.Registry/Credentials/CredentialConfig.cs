using System.Text.Json;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a file of credentials says, read only as far as it is asked.</summary>
internal sealed class CredentialConfig : IDisposable
{
    private readonly JsonDocument _document;

    private CredentialConfig(JsonDocument document, CredentialFileFormat format)
    {
        (_document, Format) = (document, format);
        JsonElement root = document.RootElement;
        Entries = MembersOf(root, format == CredentialFileFormat.LegacyDocker ? null : "auths");
        Helpers = format == CredentialFileFormat.LegacyDocker ? [] : MembersOf(root, "credHelpers");
        Store = format == CredentialFileFormat.DockerConfig && JsonText.Member(root, "credsStore") is { Length: > 0 } store ? store : null;
    }

    internal CredentialFileFormat Format { get; }

    /// <summary>Gets the entries by key. Of two with one key the last holds, as it does for the programs that write such files.</summary>
    internal Dictionary<string, JsonElement> Entries { get; }

    /// <summary>Gets the helper of all registries that have none of their own.</summary>
    internal string? Store { get; }

    private Dictionary<string, JsonElement> Helpers { get; }

    /// <summary>Reads a configuration, or says as the end of a sentence why it is none.</summary>
    internal static CredentialConfig? TryParse(ReadOnlyMemory<byte> utf8, CredentialFileFormat format, out string? problem)
    {
        problem = null;
        if (utf8.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            utf8 = "{}"u8.ToArray();
        }

        try
        {
            JsonDocument document = JsonDocument.Parse(JsonText.WithoutMark(utf8));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new(document, format);
            }

            document.Dispose();
            problem = "is JSON, but no object";
        }
        catch (JsonException e)
        {
            // The exception's own text can quote the file.
            problem = $"is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
        }

        return null;
    }

    /// <summary>Returns the helpers to ask, in order. An empty name for a registry says that its credential is in the file.</summary>
    internal IEnumerable<string> HelpersFor(RegistryAddress registry)
    {
        string? own = CredentialKeys.Names(registry).Select(name => Helpers.TryGetValue(name, out JsonElement helper) ? JsonText.Text(helper) : null).FirstOrDefault(name => name is not null);
        return own is "" ? [] : new[] { own, Store }.Where(name => !string.IsNullOrEmpty(name)).Select(name => name!).Distinct();
    }

    public void Dispose() => _document.Dispose();

    private static Dictionary<string, JsonElement> MembersOf(JsonElement root, string? member)
    {
        Dictionary<string, JsonElement> members = [];
        if ((member is null ? root : JsonText.TryMember(root, member)) is { } json)
        {
            foreach ((string name, JsonElement value) in JsonText.Members(json))
            {
                members[name] = value;
            }
        }

        return members;
    }
}

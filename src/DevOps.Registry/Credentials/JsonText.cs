using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevOps.Registry;

/// <summary>Reads JSON that anyone can have written: every fault of it is no value, never an error that quotes it.</summary>
internal static class JsonText
{
    internal static JsonDocument? TryParse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(WithoutMark(utf8));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Editors of Windows put a mark before UTF-8.
    internal static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) => utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    internal static string? Member(JsonElement json, string name) => TryMember(json, name) is { } value ? Text(value) : null;

    /// <summary>Returns a member, the last of several; names that are no text are passed over, which the element's own search fails at.</summary>
    internal static JsonElement? TryMember(JsonElement json, string name)
    {
        JsonElement? found = null;
        foreach ((string other, JsonElement value) in Members(json))
        {
            found = other == name ? value : found;
        }

        return found;
    }

    internal static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, as an escape.
            return null;
        }
    }

    /// <summary>Returns the members of an object in order, without those whose name is no text.</summary>
    internal static IReadOnlyList<(string Name, JsonElement Value)> Members(JsonElement json)
    {
        List<(string, JsonElement)> members = [];
        if (json.ValueKind != JsonValueKind.Object)
        {
            return members;
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            try
            {
                members.Add((property.Name, property.Value));
            }
            catch (InvalidOperationException)
            {
                // As above.
            }
        }

        return members;
    }

    /// <summary>Writes JSON for other programs: nothing is escaped but what JSON itself wants escaped.</summary>
    internal static byte[] Write(JsonNode node, JsonWriterOptions options)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, options with { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(writer);
        }

        return bytes.ToArray();
    }
}

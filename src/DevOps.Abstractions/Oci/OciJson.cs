using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>Reads and writes the JSON of OCI documents: strict where a second reading could differ, tolerant of members that are not known.</summary>
internal static class OciJson
{
    // A document with a name twice means different things to different parsers; nesting is bounded so that a small document cannot exhaust the stack.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    // Every OCI media type contains '+', which the default encoder would escape.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonObject ParseObject(ReadOnlyMemory<byte> utf8, string where)
    {
        try
        {
            JsonObject json = JsonNode.Parse(utf8.Span, documentOptions: Strict) as JsonObject ?? throw new InvalidContentException(where, "it is not a JSON object");
            Decode(json);
            return json;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidContentException(where, "it has a text that is not valid Unicode", e);
        }
        catch (JsonException e)
        {
            throw new InvalidContentException(where, "it is not valid JSON: " + e.Message, e);
        }
    }

    // The parser takes texts as they come and fails on damaged ones when they are read: read all of them now, where the error has a name.
    private static void Decode(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach ((_, JsonNode? value) in map)
                {
                    Decode(value);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    Decode(item);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }

    internal static byte[] Write(JsonObject json)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer, Compact))
        {
            json.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static JsonArray ArrayOf(IEnumerable<string> values)
    {
        JsonArray array = [];
        foreach (string value in values)
        {
            array.Add((JsonNode?)JsonValue.Create(value));
        }

        return array;
    }

    internal static JsonArray ArrayOf(IEnumerable<Descriptor> descriptors)
    {
        JsonArray array = [];
        foreach (Descriptor descriptor in descriptors)
        {
            array.Add((JsonNode)descriptor.ToJson());
        }

        return array;
    }

    internal static JsonObject MapOf(IEnumerable<KeyValuePair<string, string>> values)
    {
        JsonObject map = [];
        foreach ((string key, string value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            map[key] = value;
        }

        return map;
    }

    extension(JsonObject json)
    {
        internal string? String(string name, string where) => json[name] switch
        {
            null => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            _ => throw new InvalidContentException(where, $"its {name} is not a string"),
        };

        internal string RequireString(string name, string where) => json.String(name, where) ?? throw new InvalidContentException(where, $"it has no {name}");

        internal long RequireInteger(string name, string where) => json[name] switch
        {
            null => throw new InvalidContentException(where, $"it has no {name}"),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long number) => number,
            _ => throw new InvalidContentException(where, $"its {name} is not a 64-bit integer"),
        };

        internal JsonObject? Object(string name, string where) => json[name] switch
        {
            null => null,
            JsonObject value => value,
            _ => throw new InvalidContentException(where, $"its {name} is not an object"),
        };

        internal JsonArray? Array(string name, string where) => json[name] switch
        {
            null => null,
            JsonArray value => value,
            _ => throw new InvalidContentException(where, $"its {name} is not an array"),
        };

        internal ImmutableArray<string> Strings(string name, string where) => json.Array(name, where) is not { } array ? [] :
            [.. array.Select(item => item is JsonValue value && value.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>()
                : throw new InvalidContentException(where, $"its {name} holds something that is not a string"))];

        internal ImmutableSortedDictionary<string, string> StringMap(string name, string where)
        {
            ImmutableSortedDictionary<string, string>.Builder map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach ((string key, JsonNode? item) in json.Object(name, where) ?? [])
            {
                map[key] = item is JsonValue value && value.GetValueKind() == JsonValueKind.String
                    ? value.GetValue<string>()
                    : throw new InvalidContentException(where, $"its {name} '{key}' is not a string");
            }

            return map.ToImmutable();
        }

        internal ReadOnlyMemory<byte>? Base64(string name, string where)
        {
            if (json.String(name, where) is not { } text)
            {
                return null;
            }

            byte[] bytes = new byte[text.Length * 3 / 4 + 3];
            return Convert.TryFromBase64String(text, bytes, out int length)
                ? bytes.AsMemory(0, length)
                : throw new InvalidContentException(where, $"its {name} is not base64");
        }

        internal ImmutableArray<Descriptor> Descriptors(string name, string where)
        {
            // Go writes an empty list as null.
            JsonArray array = json.Array(name, where) ?? (json.ContainsKey(name) ? [] : throw new InvalidContentException(where, $"it has no {name}"));
            ImmutableArray<Descriptor>.Builder descriptors = ImmutableArray.CreateBuilder<Descriptor>(array.Count);
            foreach (JsonNode? item in array)
            {
                string place = $"{where}, {name}[{descriptors.Count}]";
                descriptors.Add(DescriptorJson.Read(item as JsonObject ?? throw new InvalidContentException(place, "it is not an object"), place));
            }

            return descriptors.MoveToImmutable();
        }
    }
}

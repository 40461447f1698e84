using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>The JSON of a fingerprint. Files are an array of path, hash, path, hash.</summary>
internal static class FingerprintJson
{
    private const string What = "fingerprint";

    internal static void Write(Utf8JsonWriter writer, FingerprintRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, record.Name);
        writer.WriteString("digest"u8, record.Digest.ToString());
        writer.WriteStartArray("inputs"u8);
        foreach (FingerprintInput input in record.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, KindName(input.Kind));
            writer.WriteString("name"u8, input.Name);
            writer.WriteString("digest"u8, input.Digest.ToString());
            if (!input.Files.IsEmpty)
            {
                writer.WriteStartArray("files"u8);
                foreach (FingerprintFile file in input.Files)
                {
                    writer.WriteStringValue(file.Path);
                    writer.WriteStringValue(file.Hash.ToString("x32", CultureInfo.InvariantCulture));
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal static FingerprintRecord Read(JsonElement json)
    {
        FingerprintRecord record;
        Digest stated;
        try
        {
            record = new(json.GetProperty("name"u8).GetString() ?? throw new FormatException("it has no name"), json.GetProperty("inputs"u8).EnumerateArray().Select(ReadInput));
            stated = Digest.Parse(json.GetProperty("digest"u8).GetString()!);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or OverflowException or InvalidContentException)
        {
            throw new InvalidContentException(What, "its JSON has not the members of one", e);
        }

        return stated == record.Digest ? record : throw new InvalidContentException(What, $"it states the digest {stated}, and its inputs have {record.Digest}");
    }

    private static FingerprintInput ReadInput(JsonElement json) => new(
        KindOf(json.GetProperty("kind"u8).GetString()),
        json.GetProperty("name"u8).GetString() ?? throw new FormatException("an input has no name"),
        Digest.Parse(json.GetProperty("digest"u8).GetString()!),
        json.TryGetProperty("files"u8, out JsonElement files) ? ReadFiles(files) : []);

    private static ImmutableArray<FingerprintFile> ReadFiles(JsonElement json)
    {
        ImmutableArray<FingerprintFile>.Builder files = ImmutableArray.CreateBuilder<FingerprintFile>(json.GetArrayLength() / 2);
        string? path = null;
        foreach (JsonElement element in json.EnumerateArray())
        {
            string text = element.GetString() ?? throw new FormatException("a file has no name");
            if (path is null)
            {
                path = text;
            }
            else
            {
                files.Add(new(path, UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
                path = null;
            }
        }

        return path is null ? files.ToImmutable() : throw new FormatException("a file has no hash");
    }

    private static string KindName(FingerprintInputKind kind) => kind switch
    {
        FingerprintInputKind.Version => "version",
        FingerprintInputKind.Files => "files",
        FingerprintInputKind.Value => "value",
        FingerprintInputKind.Variable => "variable",
        _ => "result",
    };

    private static FingerprintInputKind KindOf(string? name) => name switch
    {
        "version" => FingerprintInputKind.Version,
        "files" => FingerprintInputKind.Files,
        "value" => FingerprintInputKind.Value,
        "variable" => FingerprintInputKind.Variable,
        "result" => FingerprintInputKind.Result,
        _ => throw new FormatException("the kind of an input is not known"),
    };
}

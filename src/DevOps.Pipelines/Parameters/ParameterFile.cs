using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Reads a file of parameters. At most 1 MiB is held in memory.</summary>
internal static class ParameterFile
{
    internal const int MaxBytes = 1 << 20;

    private const string Profiles = "profiles";

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 };

    /// <summary>Returns the values of the file with those of the profile before them, by normalized name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="profile">The profile, or <see langword="null"/>.</param>
    /// <param name="names">What names mean; unknown ones are problems.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    internal static async Task<Dictionary<Parameter, GivenText>> ReadAsync(string path, string? profile, ParameterIndex names, List<string> problems, CancellationToken cancellationToken)
    {
        Dictionary<Parameter, GivenText> values = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(await ReadBytesAsync(path, cancellationToken).ConfigureAwait(false), Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"'{path}' is not a JSON object");
                return values;
            }

            JsonElement? profiles = null;
            foreach (JsonProperty property in document.RootElement.EnumerateObject().Where(property => property.NameEquals(Profiles)))
            {
                profiles = property.Value;
            }

            Add(document.RootElement, $"'{path}'", names, values, problems, isRoot: true);
            if (profile is not null && Find(profiles, profile, path, problems) is { } chosen)
            {
                Dictionary<Parameter, GivenText> ofProfile = [];
                Add(chosen, $"the profile '{profile}' of '{path}'", names, ofProfile, problems, isRoot: false);
                foreach ((Parameter parameter, GivenText value) in ofProfile)
                {
                    values[parameter] = value;
                }
            }
        }
        catch (InvalidOperationException)
        {
            // Bytes or escapes that make no text are only found when the text is asked for.
            problems.Add($"'{path}' holds text that is not valid UTF-8, or half a character");
        }
        catch (JsonException e)
        {
            problems.Add($"'{path}' is not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of the line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"'{path}' cannot be read: {e.Message}");
        }

        return values;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            // One byte more than may be tells a file that is too long, whatever it says of its length.
            byte[] buffer = new byte[Math.Clamp(file.Length, 4096, MaxBytes) + 1];
            int length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            ReadOnlyMemory<byte> read = length <= MaxBytes && length < buffer.Length ? buffer.AsMemory(0, length) : throw new IOException($"it is longer than {Math.Min(buffer.Length - 1, MaxBytes)} bytes");
            return read.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? read[3..] : read;
        }
    }

    private static JsonElement? Find(JsonElement? profiles, string profile, string path, List<string> problems)
    {
        if (profiles is not { ValueKind: JsonValueKind.Object } all)
        {
            problems.Add($"'{path}' has no profiles, and the profile '{profile}' was asked for");
            return null;
        }

        if (all.TryGetProperty(profile, out JsonElement found) && found.ValueKind == JsonValueKind.Object)
        {
            return found;
        }

        problems.Add($"'{path}' has no profile '{profile}'; it has: {string.Join(", ", all.EnumerateObject().Select(property => property.Name))}");
        return null;
    }

    private static void Add(JsonElement element, string origin, ParameterIndex names, Dictionary<Parameter, GivenText> values, List<string> problems, bool isRoot)
    {
        foreach (JsonProperty property in element.EnumerateObject().Where(property => !isRoot || !property.NameEquals(Profiles)))
        {
            if (names.Find(property.Name) is not { } parameter)
            {
                problems.Add($"{names.Unknown(property.Name)} (in {origin})");
            }
            else if (parameter.IsSecret)
            {
                problems.Add($"'{parameter.Name}' is a secret and stands in {origin}; take it out, and give it through a source of secrets");
            }
            else if (TextOf(property.Value) is not { } text)
            {
                problems.Add($"'{parameter.Name}' in {origin} is neither a text, a number, a truth value nor an array of these");
            }
            else if (!values.TryAdd(parameter, new(text, origin)))
            {
                problems.Add($"'{parameter.Name}' stands twice in {origin}");
            }
        }
    }

    private static string? TextOf(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            case JsonValueKind.Array:
                string?[] items = [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array ? null : TextOf(item))];
                return items.Contains(null) || items.Any(item => item!.Contains('\n', StringComparison.Ordinal)) ? null : ListText.JoinLines(items!);
            default:
                return null;
        }
    }
}

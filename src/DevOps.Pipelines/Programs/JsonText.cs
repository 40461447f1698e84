using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Writes JSON to text.</summary>
internal static class JsonText
{
    internal static string Document(Action<Utf8JsonWriter> write) => Write(write, new() { Indented = true, NewLine = "\n" });

    internal static string Line(Action<Utf8JsonWriter> write) => Write(write, default);

    internal static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset? at)
    {
        if (at is { } time)
        {
            writer.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
    }

    internal static void WriteSeconds(this Utf8JsonWriter writer, string name, TimeSpan time) => writer.WriteNumber(name, Math.Round((decimal)time.Ticks / TimeSpan.TicksPerSecond, 3));

    internal static void WriteText(this Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    internal static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    internal static void WriteMap(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        writer.WriteStartObject(name);
        foreach ((string key, string text) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }

    internal static void WriteOutcome(this Utf8JsonWriter writer, string name, Outcome? outcome) => writer.WriteText(name, outcome switch
    {
        null => null,
        Outcome.Success => "success",
        Outcome.Unstable => "unstable",
        Outcome.Failure => "failure",
        Outcome.TimedOut => "timedOut",
        Outcome.Cancelled => "cancelled",
        _ => "skipped",
    });

    private static string Write(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        // CI systems look for their commands in every line. Both forms stand inside texts only, where the bracket may be written as a number.
        return Encoding.UTF8.GetString(buffer.WrittenSpan).Replace("##[", "##\\u005B", StringComparison.Ordinal).Replace("##teamcity[", "##teamcity\\u005B", StringComparison.Ordinal);
    }
}

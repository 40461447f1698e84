using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cli;

/// <summary>What a command says: its result on standard output, as text or as one JSON object; its progress, notes and errors on the error output.</summary>
internal sealed class Output(bool isJson, ProgressStyle style, StatusLine status)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal bool IsJson => isJson;

    /// <summary>Gets how a transfer shows how far it is.</summary>
    internal ProgressStyle Style => style;

    /// <summary>Gets the line of the error output that is drawn anew.</summary>
    internal StatusLine Status => status;

    internal void Result(JsonObject result, string text) => Line(isJson ? result.ToJsonString(Readable) : text);

    /// <summary>Writes a line of a result as soon as it is known.</summary>
    internal void Line(string text)
    {
        status.Clear();
        Console.Out.WriteLine(text);
    }

    /// <summary>Tells of a step, or of what a user should know. Not with JSON, which holds all of it at the end, and not where quiet was asked for.</summary>
    internal void Progress(string text)
    {
        if (!isJson && style != ProgressStyle.None)
        {
            status.WriteLine(Printable(text));
        }
    }

    /// <summary>Tells of a part of the work that failed while the rest goes on. Always: whoever wants quiet wants to know that.</summary>
    internal void Problem(string text) => status.WriteLine(Printable(text));

    internal int Error(int exitCode, string kind, string message)
    {
        status.Clear();
        Console.Error.WriteLine($"error: {Printable(message)}");
        if (isJson)
        {
            Console.Out.WriteLine(new JsonObject { ["error"] = new JsonObject { ["kind"] = kind, ["message"] = message } }.ToJsonString(Readable));
        }

        return exitCode;
    }

    // Names in archives and answers of registries may hold what steers a terminal.
    internal static string Printable(string text) => text.All(c => c == '\n' || !char.IsControl(c)) ? text : new([.. text.Select(c => c != '\n' && char.IsControl(c) ? '\uFFFD' : c)]);

    internal static string Bytes(long count) => count switch
    {
        < 1 << 10 => $"{count} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{count / 1024.0:F1} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{count / 1048576.0:F1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1073741824.0:F2} GiB"),
    };
}

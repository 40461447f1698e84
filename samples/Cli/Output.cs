using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cli;

/// <summary>What a command says: its result on standard output, as text or as one JSON object, and its progress on the error output.</summary>
internal sealed class Output(bool json)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets whether people watch, so that a line may be drawn anew.</summary>
    internal bool IsTerminal => !json && !Console.IsErrorRedirected;

    internal void Result(JsonObject result, string text) => Console.Out.WriteLine(json ? result.ToJsonString(Readable) : text);

    internal void Progress(string text)
    {
        if (!json)
        {
            Console.Error.WriteLine(text);
        }
    }

    internal int Error(int exitCode, string kind, string message)
    {
        Console.Error.WriteLine($"error: {message}");
        if (json)
        {
            Console.Out.WriteLine(new JsonObject { ["error"] = new JsonObject { ["kind"] = kind, ["message"] = message } }.ToJsonString(Readable));
        }

        return exitCode;
    }

    // Names in archives may hold what steers a terminal.
    internal static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) ? '\uFFFD' : c)]);

    internal static string Bytes(long count) => count switch
    {
        < 1 << 10 => $"{count} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{count / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1048576.0:F1} MiB"),
    };
}

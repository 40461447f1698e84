using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevOps.Registry;

/// <summary>How a JSON file is laid out, so that it can be written again in the same way.</summary>
internal sealed class JsonStyle
{
    private const int MaxIndent = 16;

    private readonly JsonWriterOptions _options;
    private readonly byte[] _end;

    private JsonStyle(JsonWriterOptions options, byte[] end) => (_options, _end) = (options, end);

    /// <summary>Reads the layout of a text. One without any is taken for Docker's: tabs, no line's end after the last.</summary>
    internal static JsonStyle Of(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> body = text.TrimEnd(" \t\r\n"u8);
        byte[] end = text[body.Length..].ToArray();
        int line = body.IndexOf((byte)'\n');
        if (line < 0)
        {
            // One line, unless there is nothing in it that could be on a second.
            return new(new() { Indented = body.IndexOf((byte)'"') < 0, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n" }, end);
        }

        ReadOnlySpan<byte> next = body[(line + 1)..];
        int indent = next.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return new(
            new()
            {
                Indented = true,
                IndentCharacter = indent > 0 && next[0] == ' ' ? ' ' : '\t',
                IndentSize = indent > 0 ? Math.Min(indent, MaxIndent) : 1,
                NewLine = line > 0 && body[line - 1] == '\r' ? "\r\n" : "\n",
            },
            end);
    }

    internal byte[] Write(JsonNode node) => [.. JsonText.Write(node, _options), .. _end];
}

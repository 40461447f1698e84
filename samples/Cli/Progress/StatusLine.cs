namespace Cli;

/// <summary>The last line of a terminal, which is drawn anew, and the lines that scroll by above it. Each change is one write, so nothing flickers. Safe for use by several threads.</summary>
internal sealed class StatusLine(TextWriter terminal)
{
    // To the begin of the line, and away with what is there.
    private const string Empty = "\r\u001b[K";

    private readonly Lock _lock = new();
    private string _shown = "";

    /// <summary>Shows a text in place of the one before. It must be shorter than the terminal is wide.</summary>
    internal void Show(string text)
    {
        lock (_lock)
        {
            if (text != _shown)
            {
                // Behind the text, the rest of a longer one is cleared.
                terminal.Write(text.Length == 0 ? Empty : $"\r{text}\u001b[K");
                _shown = text;
            }
        }
    }

    internal void Clear() => Show("");

    /// <summary>Writes a line that stays, above the one that is drawn anew.</summary>
    internal void WriteLine(string text)
    {
        lock (_lock)
        {
            terminal.Write(_shown.Length == 0 ? text + Environment.NewLine : $"{Empty}{text}{Environment.NewLine}{_shown}");
        }
    }
}

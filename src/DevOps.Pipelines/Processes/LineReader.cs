using System.Text;

namespace DevOps.Pipelines;

/// <summary>Reads lines of a bounded length: a longer one comes in pieces, the last of which is told, so that a program that never ends its line cannot fill the memory.</summary>
internal static class LineReader
{
    internal const int MaxLineLength = 16 << 10;

    internal static async Task ReadAsync(TextReader reader, Action<string, bool> add)
    {
        char[] buffer = new char[4096];
        StringBuilder line = new();
        bool afterReturn = false;
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                foreach (char c in buffer.AsSpan(0, read))
                {
                    // A line ends with \n, with \r, as programs that show progress write, or with both.
                    if (c is '\n' or '\r')
                    {
                        if (c == '\r' || !afterReturn)
                        {
                            Emit(line, add, isEnd: true);
                        }
                    }
                    else
                    {
                        line.Append(c);
                        if (line.Length >= MaxLineLength && !char.IsHighSurrogate(c))
                        {
                            Emit(line, add, isEnd: false);
                        }
                    }

                    afterReturn = c == '\r';
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The process object is gone and a helper that it left still holds the pipe.
            return;
        }

        if (line.Length > 0)
        {
            Emit(line, add, isEnd: true);
        }
    }

    private static void Emit(StringBuilder line, Action<string, bool> add, bool isEnd)
    {
        add(line.ToString(), isEnd);
        line.Clear();
    }
}

using System.Text;

namespace DevOps.Pipelines;

/// <summary>Cuts bytes of UTF-8 into lines of a bounded length: a longer one comes in pieces, the last of which is told, so that a program that never ends its line cannot fill the memory. Invalid bytes become U+FFFD.</summary>
/// <remarks>Memory: one line of the longest length, and 4096 characters of what is being read.</remarks>
internal sealed class LineSplitter(Action<string, bool> add)
{
    internal const int MaxLineLength = 16 << 10;

    private const int ChunkLength = 4096;

    private const char ByteOrderMark = '\uFEFF';

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _chars = new char[ChunkLength + 2];
    private readonly StringBuilder _line = new();
    private bool _started;
    private bool _afterReturn;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = bytes[..Math.Min(bytes.Length, ChunkLength)];
            Split(_chars.AsSpan(0, _decoder.GetChars(chunk, _chars, flush: false)));
            bytes = bytes[chunk.Length..];
        }
    }

    /// <summary>Tells that no more comes: what has no end yet, as a prompt, is a line too.</summary>
    internal void Complete()
    {
        Split(_chars.AsSpan(0, _decoder.GetChars([], _chars, flush: true)));
        if (_line.Length > 0)
        {
            Emit(isEnd: true);
        }
    }

    private void Split(ReadOnlySpan<char> text)
    {
        if (!_started && text.Length > 0)
        {
            _started = true;
            text = text[0] == ByteOrderMark ? text[1..] : text;
        }

        while (!text.IsEmpty)
        {
            // A line ends with \n, with \r, as programs that show progress write, or with both.
            if (_afterReturn && text[0] == '\n')
            {
                _afterReturn = false;
                text = text[1..];
                continue;
            }

            _afterReturn = false;
            int end = text.IndexOfAny('\n', '\r');
            Append(end < 0 ? text : text[..end]);
            if (end < 0)
            {
                return;
            }

            Emit(isEnd: true);
            _afterReturn = text[end] == '\r';
            text = text[(end + 1)..];
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        while (_line.Length + text.Length > MaxLineLength)
        {
            int length = MaxLineLength - _line.Length;
            if (length > 0 && char.IsHighSurrogate(text[length - 1]))
            {
                length--;
            }

            _line.Append(text[..length]);
            text = text[length..];
            Emit(isEnd: false);
        }

        _line.Append(text);
    }

    private void Emit(bool isEnd)
    {
        string line = _line.ToString();
        _line.Clear();
        add(line, isEnd);
    }
}

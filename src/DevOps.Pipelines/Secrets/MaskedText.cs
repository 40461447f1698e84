using System.Text;
using System.Text.Unicode;

namespace DevOps.Pipelines;

/// <summary>Masks a whole text. What is not masked stays as it is, lone surrogates too.</summary>
internal static class MaskedText
{
    private const int ChunkLength = 4096;

    internal static string Create(string text, SecretAutomaton automaton)
    {
        MarkList marks = default;
        if (!automaton.IsEmpty)
        {
            Find(text, automaton, ref marks);
        }

        return marks.Count == 0 ? text : Replace(text, marks.Span);
    }

    /// <summary>Finds the places of secrets, as positions in the UTF-8 form of the text.</summary>
    private static void Find(string text, SecretAutomaton automaton, ref MarkList marks)
    {
        // On the stack, as what is rented keeps its content, and that may be a secret.
        Span<byte> buffer = stackalloc byte[Math.Min(text.Length, ChunkLength) * 3];
        ReadOnlySpan<char> rest = text;
        long position = 0;
        int state = 0;
        while (!rest.IsEmpty)
        {
            // A pair of surrogates may be cut by the end of the chunk: its first half is then left for the next one.
            ReadOnlySpan<char> chunk = rest[..Math.Min(rest.Length, ChunkLength)];
            Utf8.FromUtf16(chunk, buffer, out int read, out int written, replaceInvalidSequences: true, isFinalBlock: chunk.Length == rest.Length);
            automaton.Scan(buffer[..written], position, ref state, ref marks);
            position += written;
            rest = rest[read..];
        }
    }

    private static string Replace(string text, ReadOnlySpan<Mark> marks)
    {
        StringBuilder masked = new(text.Length);
        int index = 0;
        long position = 0;
        foreach (Mark mark in marks)
        {
            int start = index;
            Skip(text, mark.Start, ref index, ref position);
            masked.Append(text, start, index - start).Append(Secret.Mask);
            Skip(text, mark.End, ref index, ref position);
        }

        return masked.Append(text, index, text.Length - index).ToString();
    }

    private static void Skip(string text, long end, ref int index, ref long position)
    {
        while (position < end)
        {
            Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int length);
            index += length;
            position += rune.Utf8SequenceLength;
        }
    }
}

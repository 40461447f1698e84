using System.Buffers;
using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>Tells which text can be stored: each of its characters has a form in UTF-8, and none ends it.</summary>
internal static class TarText
{
    /// <summary>Returns whether text can be stored as it is. Half of a surrogate pair would become U+FFFD, and two names so one; behind a NUL, a reader sees nothing.</summary>
    internal static bool CanStore(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        for (int at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int consumed) != OperationStatus.Done)
            {
                return false;
            }

            at += consumed;
        }

        return true;
    }
}

namespace DevOps.Pipelines;

/// <summary>Writes out the <c>{a,b}</c> of a pattern.</summary>
internal static class Alternatives
{
    private const int MaxCount = 1000;

    /// <summary>Returns every pattern that one with braces stands for.</summary>
    /// <exception cref="FormatException">The braces do not fit; the message is the end of a sentence.</exception>
    internal static List<string> Expand(string pattern)
    {
        List<string> done = [];
        Stack<string> open = new([pattern]);
        while (open.TryPop(out string? text))
        {
            (int start, int end) = FindInner(text);
            if (start < 0)
            {
                done.Add(text);
                continue;
            }

            string[] choices = text[(start + 1)..end].Split(',');
            if (choices.Length < 2)
            {
                throw new FormatException("its braces hold no choice: write '{a,b}', or '[{]' for the character itself");
            }

            // From the back, so that the first choice comes off the stack first.
            foreach (string choice in choices.Reverse())
            {
                open.Push(string.Concat(text.AsSpan(0, start), choice, text.AsSpan(end + 1)));
            }

            if (done.Count + open.Count > MaxCount)
            {
                throw new FormatException($"its braces stand for more than {MaxCount} patterns");
            }
        }

        return done;
    }

    // The first pair with no brace inside. Braces in a class are characters.
    private static (int Start, int End) FindInner(string text)
    {
        int start = -1;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '[' when text.IndexOf(']', Math.Min(i + 2, text.Length)) is var end and > 0:
                    i = end;
                    break;
                case '{':
                    start = i;
                    break;
                case '}' when start >= 0:
                    return (start, i);
                case '}':
                    throw new FormatException("a '}' has no '{'; write '[}]' for the character itself");
            }
        }

        return start < 0 ? (-1, -1) : throw new FormatException("a '{' has no '}'; write '[{]' for the character itself");
    }
}

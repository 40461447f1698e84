using System.Text;

namespace DevOps.Testing;

/// <summary>Damages valid documents: the same seed gives the same damage, outside a soak.</summary>
public static class Damage
{
    private static readonly byte[][] Tokens = [.. ((string[])[
        "null", "true", "-1", "0", "1e400", "9223372036854775808", "1.5", "\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "[null]", "{}", "{\"a\":1,\"a\":2}",
        "[[[[", "{\"", "]", "}", ",", ":", "\"", "\\", "//", "\u00E9", "\U0001F600"]).Select(Encoding.UTF8.GetBytes)];

    public static IEnumerable<byte[]> Of(byte[] valid, int seed, int count)
    {
        ArgumentNullException.ThrowIfNull(valid);
        Random random = new(Soak.Seed(seed));
        for (int i = 0; i < Soak.Times(count); i++)
        {
            byte[] bytes = valid;
            for (int times = random.Next(1, 4); times > 0; times--)
            {
                bytes = Once(bytes, random);
            }

            yield return bytes;
        }
    }

    /// <summary>Bytes that were never a document.</summary>
    public static IEnumerable<byte[]> Noise(int seed, int count, int maxLengthBytes = 200)
    {
        Random random = new(Soak.Seed(seed));
        for (int i = 0; i < Soak.Times(count); i++)
        {
            byte[] bytes = new byte[random.Next(maxLengthBytes)];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        int at = random.Next(bytes.Length);
        int length = Math.Min(random.Next(1, 12), bytes.Length - at);
        switch (random.Next(7))
        {
            case 0:
                byte[] flipped = [.. bytes];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. Tokens[random.Next(Tokens.Length)], .. bytes[(at + length)..]];
            default:
                return ReplaceValue(bytes, at, random);
        }
    }

    // Puts a token where a value of the document was, so that the result is often still JSON.
    private static byte[] ReplaceValue(byte[] bytes, int from, Random random)
    {
        int colon = Array.IndexOf(bytes, (byte)':', from);
        if (colon < 0)
        {
            return bytes;
        }

        int end = colon + 1;
        bool quoted = false;
        while (end < bytes.Length && (quoted || bytes[end] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)'\n')))
        {
            quoted ^= bytes[end++] == (byte)'"';
        }

        return [.. bytes[..(colon + 1)], .. Tokens[random.Next(Tokens.Length)], .. bytes[end..]];
    }
}

using System.Text;

namespace DevOps.Archives.Tests.Compression.Deflate;

/// <summary>Content of every kind that an encoder treats in its own way.</summary>
internal static class Contents
{
    internal static IEnumerable<(string Name, byte[] Content)> All()
    {
        foreach (int length in new[] { 0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 39, 40, 41, 42, 63, 64, 65, 257, 258, 259, 300, 4095, 4096, 4097, 32767, 32768, 32769, 65534, 65535, 65536, 131_071, 700_001 })
        {
            yield return ($"{length} zeros", new byte[length]);
            yield return ($"{length} random", Random(length));
            yield return ($"{length} text", Text(length));
            yield return ($"{length} sparse", Sparse(length));
            yield return ($"{length} mixed", Mixed(length));
            yield return ($"{length} of 16 symbols", OfSymbols(16, length));
            yield return ($"{length} of 3 symbols", OfSymbols(3, length));
        }

        for (int distance = 32_760; distance <= 32_776; distance++)
        {
            byte[] repeated = Random(distance + 300);
            repeated.AsSpan(0, 300).CopyTo(repeated.AsSpan(distance));
            yield return ($"repeated at {distance}", repeated);
        }
    }

    internal static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    internal static byte[] Text(int length)
    {
        Random random = new(7);
        StringBuilder text = new(length + 16);
        while (text.Length < length)
        {
            text.Append("word").Append(random.Next(500)).Append(random.Next(9) == 0 ? ".\n" : " ");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    // Short repeats at every distance, where a match that begins one byte later is often the better one.
    internal static byte[] OfSymbols(int symbols, int length)
    {
        byte[] bytes = new byte[length];
        Random random = new(symbols);
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)('a' + random.Next(symbols));
        }

        return bytes;
    }

    private static byte[] Sparse(int length)
    {
        byte[] bytes = new byte[length];
        Random random = new(3);
        for (int i = 0; i < length / 50; i++)
        {
            bytes[random.Next(length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Mixed(int length)
    {
        byte[] bytes = Text(length);
        for (int at = 0; at < length; at += 20_000)
        {
            Random(Math.Min(9_000, length - at)).CopyTo(bytes, at);
        }

        return bytes;
    }
}

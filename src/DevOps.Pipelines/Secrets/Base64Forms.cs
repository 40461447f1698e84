namespace DevOps.Pipelines;

/// <summary>What base64 makes of some bytes, whatever stands before and behind them. Source: RFC 4648, sections 4 and 5; RFC 2045, 6.8 and RFC 7468 for the lengths of lines.</summary>
internal static class Base64Forms
{
    private const int BitsOfCharacter = 6;

    private static readonly int[] LineLengths = [64, 76];

    internal static IEnumerable<string> Of(byte[] bytes)
    {
        for (int before = 0; before < 3; before++)
        {
            byte[] shifted = new byte[before + bytes.Length];
            bytes.CopyTo(shifted, before);
            string encoded = Convert.ToBase64String(shifted).TrimEnd('=');

            // The first character may hold bits of what stands before, the last one of what stands behind: if nothing does, its missing bits are 0.
            int first = ((before * 8) + BitsOfCharacter - 1) / BitsOfCharacter;
            string atEnd = encoded[first..];
            string inside = encoded[first..(shifted.Length * 8 / BitsOfCharacter)];
            yield return inside;
            yield return atEnd;
            yield return UrlSafe(inside);
            yield return UrlSafe(atEnd);
        }

        string alone = Convert.ToBase64String(bytes).TrimEnd('=');
        foreach (int length in LineLengths.Where(length => alone.Length > length))
        {
            yield return string.Join('\n', alone.Chunk(length).Select(line => new string(line)));
            yield return string.Join("\r\n", alone.Chunk(length).Select(line => new string(line)));
        }
    }

    private static string UrlSafe(string text) => text.Replace('+', '-').Replace('/', '_');
}

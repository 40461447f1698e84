using System.Globalization;

namespace DevOps.Registry.Server;

/// <summary>One range of bytes that a request asks for.</summary>
/// <remarks>A range that ends before it starts is refused, stricter than RFC 9110, section 14.1.1, because the conformance suite of the distribution-spec wants it so. Several ranges are answered with the whole.</remarks>
internal readonly record struct ByteRange(long Offset, long LengthBytes)
{
    /// <summary>Reads a Range header for content of a length.</summary>
    /// <returns>The range; <see langword="null"/> to send the whole; or a range of no bytes, if none of the content is in it.</returns>
    internal static ByteRange? Parse(string? header, long contentLength)
    {
        if (header is null || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        ReadOnlySpan<char> text = header.AsSpan(6).Trim();
        int dash = text.IndexOf('-');
        if (dash < 0)
        {
            return null;
        }

        bool hasFirst = TryNumber(text[..dash], out long first);
        bool hasLast = TryNumber(text[(dash + 1)..], out long last);
        if (dash == 0)
        {
            long suffix = Math.Min(last, contentLength);
            return hasLast ? new(contentLength - suffix, suffix) : null;
        }

        if (!hasFirst || (!hasLast && dash + 1 < text.Length))
        {
            return null;
        }

        last = hasLast ? Math.Min(last, contentLength - 1) : contentLength - 1;
        return first > last ? new ByteRange(0, 0) : new ByteRange(first, last - first + 1);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

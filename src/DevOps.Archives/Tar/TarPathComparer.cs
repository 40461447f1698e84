namespace DevOps.Archives.Tar;

/// <summary>Compares paths by the ordinal order of their UTF-8 bytes, the order of members in a layer.</summary>
/// <remarks>A directory is compared with its closing slash: <c>a-b</c>, then <c>a/</c>, then <c>a/b</c>. Parents so come before their children.</remarks>
public sealed class TarPathComparer : IComparer<string>
{
    private TarPathComparer()
    {
    }

    /// <summary>Gets the comparer.</summary>
    public static TarPathComparer Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        int same = x.AsSpan().CommonPrefixLength(y);
        return same == x.Length || same == y.Length ? x.Length - y.Length : Rank(x[same]) - Rank(y[same]);
    }

    // UTF-16 puts surrogates (characters above U+FFFF) before U+E000 to U+FFFF; UTF-8 puts them after.
    private static int Rank(char c) => c < 0xD800 ? c : c >= 0xE000 ? c - 0x800 : c + 0x2000;
}

using System.Globalization;

namespace DevOps.Registry;

/// <summary>A version as a tag shows it: three numbers, perhaps a prerelease, perhaps a <c>v</c> before them. A tag has no build metadata, as it has no <c>+</c>.</summary>
internal sealed record TagVersion(long Major, long Minor, long Patch, string Prerelease) : IComparable<TagVersion>
{
    internal bool IsPrerelease => Prerelease.Length > 0;

    internal static TagVersion? TryParse(string text)
    {
        string bare = text.StartsWith('v') ? text[1..] : text;
        int dash = bare.IndexOf('-', StringComparison.Ordinal);
        string prerelease = dash < 0 ? "" : bare[(dash + 1)..];
        string[] numbers = (dash < 0 ? bare : bare[..dash]).Split('.');
        return numbers.Length == 3 && TryNumber(numbers[0]) is { } major && TryNumber(numbers[1]) is { } minor && TryNumber(numbers[2]) is { } patch
            && (dash < 0 || prerelease.Split('.').All(IsPrereleaseIdentifier))
                ? new(major, minor, patch, prerelease)
                : null;
    }

    internal static long? TryNumber(string text) =>
        (text == "0" || !text.StartsWith('0')) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < long.MaxValue ? number : null;

    public int CompareTo(TagVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return order != 0 ? order
            : IsPrerelease && other.IsPrerelease ? ComparePrereleases(Prerelease.Split('.'), other.Prerelease.Split('.'))
            : other.IsPrerelease.CompareTo(IsPrerelease);
    }

    private static int ComparePrereleases(string[] first, string[] second)
    {
        foreach ((string one, string two) in first.Zip(second))
        {
            // Numbers come before words; without leading zeros, the longer number is the larger one.
            int order = (IsNumeric(one), IsNumeric(two)) switch
            {
                (true, true) => one.Length != two.Length ? one.Length.CompareTo(two.Length) : string.CompareOrdinal(one, two),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(one, two),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return first.Length.CompareTo(second.Length);
    }

    private static bool IsPrereleaseIdentifier(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && !(text.Length > 1 && text[0] == '0' && IsNumeric(text));

    private static bool IsNumeric(string text) => text.All(char.IsAsciiDigit);
}

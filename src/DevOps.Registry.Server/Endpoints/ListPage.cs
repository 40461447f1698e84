using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Which part of a list a request asks for.</summary>
/// <param name="Last">What the part before ended with, or <see langword="null"/>.</param>
/// <param name="Length">How many items it has at most.</param>
internal readonly record struct ListPage(string? Last, int Length)
{
    private const int DefaultLength = 1000;

    // Far more than there are files, and one more is still a number.
    private const int MaxLength = 1_000_000_000;

    internal static ListPage Of(HttpRequest request) => new(
        request.Query["last"] is [{ Length: > 0 } last, ..] ? last : null,
        int.TryParse(request.Query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Min(asked, MaxLength) : DefaultLength);

    /// <summary>Returns what comes after the part before, in order. Who takes only a few of many has only those sorted.</summary>
    internal IEnumerable<string> After(IEnumerable<string> items)
    {
        string? last = Last;
        return items.Where(item => last is null || string.CompareOrdinal(item, last) > 0).Order(StringComparer.Ordinal);
    }
}

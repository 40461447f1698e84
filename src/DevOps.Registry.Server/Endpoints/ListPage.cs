using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Which part of a list a request asks for.</summary>
/// <param name="Last">What the part before ended with, or <see langword="null"/>.</param>
/// <param name="Length">How many items it has at most.</param>
internal readonly record struct ListPage(string? Last, int Length)
{
    private const int DefaultLength = 1000;

    // More are on the next page: an answer is made in memory.
    private const int MaxLength = 10_000;

    internal static ListPage Of(HttpRequest request) => new(
        request.Query["last"] is [{ Length: > 0 } last, ..] ? last : null,
        int.TryParse(request.Query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Min(asked, MaxLength) : DefaultLength);
}

using System.Buffers;
using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>What may name a run or a message: a name that is one name on every file system, and no way out of its directory.</summary>
internal static class RunIds
{
    internal const int MaxLength = 100;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    internal static bool IsValid(ReadOnlySpan<char> id) => id.Length is > 0 and <= MaxLength && id[0] != '.' && !id.ContainsAnyExcept(Allowed);

    internal static void Check(string id, [CallerArgumentExpression(nameof(id))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(id, parameter);
        if (!IsValid(id))
        {
            throw new ArgumentException($"'{id}' is not an id: use 1 to {MaxLength} letters, digits, '-', '_' and '.' of ASCII, and no dot first.", parameter);
        }
    }
}

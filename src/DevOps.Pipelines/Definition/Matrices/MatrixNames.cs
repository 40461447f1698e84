using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Compares and checks the names and values of matrices.</summary>
internal static class MatrixNames
{
    internal static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    internal static bool AreSame(string one, string other) => Comparer.Equals(one, other);

    internal static void Check(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, parameter);
        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new ArgumentException("A name or a value of a matrix has no control characters.", parameter);
        }
    }

    internal static void CheckDistinct(ImmutableArray<string> texts, string what, string parameter)
    {
        HashSet<string> seen = new(Comparer);
        foreach (string text in texts)
        {
            Check(text, parameter);
            if (!seen.Add(text))
            {
                throw new ArgumentException($"{what} '{text}' twice; case does not tell them apart.", parameter);
            }
        }
    }
}

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>One of several parts that share work.</summary>
/// <param name="Index">Which; the first is 1.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct Partition(int Index, int Total)
{
    /// <summary>Returns this part's share of a list: every <see cref="Total"/>th item from the <see cref="Index"/>th on, in order. The shares of all parts are the list, each item once, and differ in length by at most one.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">The list, the same and in the same order for every part: sort what a directory or a service lists.</param>
    public ImmutableArray<T> Of<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        (int index, int total) = this;
        return [.. items.Where((_, place) => place % total == index - 1)];
    }

    /// <summary>Returns the part as <c>1/4</c>.</summary>
    public override string ToString() => $"{Index}/{Total}";
}

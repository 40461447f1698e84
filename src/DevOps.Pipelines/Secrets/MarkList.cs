namespace DevOps.Pipelines;

/// <summary>The places of secrets in order, with those that overlap as one. Takes no memory until there is one.</summary>
internal struct MarkList
{
    private Mark[]? _marks;

    internal int Count { get; private set; }

    internal readonly ReadOnlySpan<Mark> Span => _marks.AsSpan(0, Count);

    /// <summary>Adds a place that ends behind all others, or where the last one ends.</summary>
    internal void Add(Mark mark)
    {
        while (Count > 0 && _marks![Count - 1] is Mark last && last.End > mark.Start)
        {
            mark = new(Math.Min(last.Start, mark.Start), Math.Max(last.End, mark.End));
            Count--;
        }

        if (_marks is null || Count == _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(4, Count * 2));
        }

        _marks[Count++] = mark;
    }

    /// <summary>Drops the first places, and moves the others back; one that began before the new origin begins at it.</summary>
    internal void Shift(int drop, long distance)
    {
        for (int i = drop; i < Count; i++)
        {
            _marks![i - drop] = new(Math.Max(0, _marks[i].Start - distance), _marks[i].End - distance);
        }

        Count -= drop;
    }
}

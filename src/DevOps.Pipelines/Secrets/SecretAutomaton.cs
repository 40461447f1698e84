using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DevOps.Pipelines;

/// <summary>Finds every occurrence of some patterns in bytes that come in pieces: an Aho-Corasick automaton, which runs only where a filter of grams cannot rule out that a pattern begins. Immutable.</summary>
/// <remarks>Source: Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975. The time is linear in the text, whatever the text and the patterns are.</remarks>
internal sealed class SecretAutomaton
{
    // A partial match no longer than this is left to the filter to find again: by chance one of two bytes is nearly always there.
    private const int LeaveDepth = 2;

    private readonly AutomatonNode[] _nodes;
    private readonly EdgeTable _edges;
    private readonly int[] _first;
    private readonly GramFilter[] _filters;
    private readonly GramFilter? _firstBytes;

    private SecretAutomaton(AutomatonBuilder builder, IReadOnlyCollection<byte[]> patterns)
    {
        (_nodes, _edges, _first) = builder.Build();
        _filters = GramFilter.CreateAll(patterns);
        _firstBytes = GramFilter.CreateOfFirstBytes(patterns);
    }

    internal static SecretAutomaton Empty { get; } = Create([]);

    internal bool IsEmpty => _filters.Length == 0;

    internal int NodeCount => _nodes.Length;

    /// <param name="patterns">What is to be found; none is empty.</param>
    internal static SecretAutomaton Create(IReadOnlyCollection<byte[]> patterns)
    {
        AutomatonBuilder builder = new();
        foreach (byte[] pattern in patterns)
        {
            builder.Add(pattern);
        }

        return new(builder, patterns);
    }

    /// <summary>Returns how many of the last bytes seen are the longest beginning of a pattern.</summary>
    internal int DepthOf(int state) => _nodes[state].Depth;

    /// <summary>Takes the next piece of a text and adds the places of what ends in it.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="position">The position of the piece's first byte, for the marks.</param>
    /// <param name="state">What is known of the bytes before: 0 for none.</param>
    /// <param name="marks">Where places are added.</param>
    internal void Scan(ReadOnlySpan<byte> text, long position, ref int state, ref MarkList marks)
    {
        if (IsEmpty)
        {
            return;
        }

        Span<int> probes = stackalloc int[_filters.Length];
        probes.Fill(-1);
        int node = state;
        int index = 0;

        // No pattern that begins at or before this is left to the filters.
        int anchor = -1;
        while (true)
        {
            node = Run(text, position, node, ref index, anchor, ref marks);
            if (index == text.Length)
            {
                state = node;
                return;
            }

            int start = NextStart(text, index - _nodes[node].Depth, probes, out anchor);
            if (start > index)
            {
                (node, index) = (0, start);
            }
        }
    }

    /// <summary>Runs the automaton to the end of the text, or to where all that may go on begins behind the anchor and has just begun.</summary>
    private int Run(ReadOnlySpan<byte> text, long position, int node, ref int index, int anchor, ref MarkList marks)
    {
        ref AutomatonNode nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        int i = index;
        while (i < text.Length)
        {
            int depth = Unsafe.Add(ref nodes, node).Depth;
            if (depth <= LeaveDepth && i - depth > anchor)
            {
                break;
            }

            node = Step(ref nodes, node, text[i++]);
            ref AutomatonNode reached = ref Unsafe.Add(ref nodes, node);
            if (reached.MatchLength != 0)
            {
                marks.Add(new(position + i - reached.MatchLength, position + i));
                node = reached.HasChildren ? node : reached.Fail;
            }
        }

        index = i;
        return node;
    }

    private int Step(ref AutomatonNode nodes, int node, byte next)
    {
        while (node != 0)
        {
            ref AutomatonNode from = ref Unsafe.Add(ref nodes, node);
            if (from.HasNext && from.NextLabel == next)
            {
                return node + 1;
            }

            if (from.HasMore && _edges.Find(node, next) is int child and not 0)
            {
                return child;
            }

            node = from.Fail;
        }

        return _first[next];
    }

    /// <summary>Returns the first place from a start on where a pattern can begin as far as the filters tell, and the last one that the same look tells of.</summary>
    private int NextStart(ReadOnlySpan<byte> text, int start, Span<int> probes, out int anchor)
    {
        int found = int.MaxValue;
        anchor = -1;
        for (int i = 0; i < _filters.Length; i++)
        {
            GramFilter filter = _filters[i];
            if (probes[i] < start)
            {
                probes[i] = filter.Find(text, start + filter.Stride - 1);
            }

            int first = Math.Max(start, probes[i] - filter.Stride + 1);
            if (first < found)
            {
                // Nothing can be ruled out behind the last look.
                (found, anchor) = (first, probes[i] + GramFilter.LoadBytes > text.Length ? text.Length : probes[i]);
            }
        }

        if (anchor < text.Length)
        {
            return found;
        }

        found = Math.Min(found, text.Length);
        return _firstBytes?.FindAtEnd(text, found) ?? found;
    }
}

namespace DevOps.Pipelines;

/// <summary>Makes an automaton of patterns. Node 0 is the beginning of length 0.</summary>
internal sealed class AutomatonBuilder
{
    private readonly EdgeTable _edges = new();
    private readonly int[] _first = new int[256];
    private AutomatonNode[] _nodes = new AutomatonNode[1024];
    private int[] _parents = new int[1024];
    private byte[] _labels = new byte[1024];
    private int _count = 1;

    internal void Add(ReadOnlySpan<byte> pattern)
    {
        int node = 0;
        foreach (byte label in pattern)
        {
            int child = Child(node, label);
            node = child != 0 ? child : AddChild(node, label);
        }

        _nodes[node].MatchLength = pattern.Length;
    }

    internal (AutomatonNode[] Nodes, EdgeTable Edges, int[] First) Build()
    {
        Array.Resize(ref _nodes, _count);
        foreach (int node in ByDepth())
        {
            Link(node);
        }

        return (_nodes, _edges, _first);
    }

    /// <summary>Links a node whose parent, and every node that is less deep, is linked.</summary>
    private void Link(int node)
    {
        int parent = _parents[node];
        int fail = 0;
        if (parent != 0)
        {
            byte label = _labels[node];
            int from = _nodes[parent].Fail;
            while ((fail = Child(from, label)) == 0 && from != 0)
            {
                from = _nodes[from].Fail;
            }
        }

        ref AutomatonNode linked = ref _nodes[node];
        linked.MatchLength = linked.MatchLength != 0 ? linked.MatchLength : _nodes[fail].MatchLength;

        // A node that cannot go on does as the next one that can: so the depth of a state is just what may still become a pattern.
        linked.Fail = fail == 0 || _nodes[fail].HasChildren ? fail : _nodes[fail].Fail;
    }

    /// <summary>Returns all nodes but the first, the less deep before the deeper.</summary>
    private int[] ByDepth()
    {
        int deepest = 0;
        for (int i = 1; i < _count; i++)
        {
            deepest = Math.Max(deepest, _nodes[i].Depth);
        }

        int[] starts = new int[deepest + 2];
        for (int i = 1; i < _count; i++)
        {
            starts[_nodes[i].Depth + 1]++;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        int[] order = new int[_count - 1];
        for (int i = 1; i < _count; i++)
        {
            order[starts[_nodes[i].Depth]++] = i;
        }

        return order;
    }

    private int Child(int node, byte label)
    {
        ref AutomatonNode from = ref _nodes[node];
        return node == 0 ? _first[label]
            : from.HasNext && from.NextLabel == label ? node + 1
            : from.HasMore ? _edges.Find(node, label)
            : 0;
    }

    private int AddChild(int node, byte label)
    {
        int child = _count++;
        if (child == _nodes.Length)
        {
            Array.Resize(ref _nodes, child * 2);
            Array.Resize(ref _parents, child * 2);
            Array.Resize(ref _labels, child * 2);
        }

        ref AutomatonNode from = ref _nodes[node];
        if (node == 0)
        {
            _first[label] = child;
            from.HasMore = true;
        }
        else if (child == node + 1)
        {
            (from.HasNext, from.NextLabel) = (true, label);
        }
        else
        {
            from.HasMore = true;
            _edges.Add(node, label, child);
        }

        _nodes[child].Depth = from.Depth + 1;
        (_parents[child], _labels[child]) = (node, label);
        return child;
    }
}

namespace DevOps.Pipelines;

/// <summary>One state of the automaton: the beginning of a pattern. The first child that a node got stands behind it in the array, as most nodes have one child.</summary>
internal struct AutomatonNode
{
    /// <summary>The node of the longest proper end of this beginning that begins a pattern itself, and can go on.</summary>
    internal int Fail;

    /// <summary>The length of the beginning.</summary>
    internal int Depth;

    /// <summary>The length of the longest pattern that the beginning ends with; 0 for none.</summary>
    internal int MatchLength;

    /// <summary>The byte that leads to the node behind this one.</summary>
    internal byte NextLabel;

    /// <summary>Whether the node behind this one is a child.</summary>
    internal bool HasNext;

    /// <summary>Whether there are children in the table of edges.</summary>
    internal bool HasMore;

    internal readonly bool HasChildren => HasNext || HasMore;
}

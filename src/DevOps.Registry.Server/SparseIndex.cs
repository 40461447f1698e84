namespace DevOps.Registry.Server;

/// <summary>What happens to an index that names manifests which are not there.</summary>
public enum SparseIndex
{
    /// <summary>It is refused: whoever pulled it would find the gap.</summary>
    Refuse,

    /// <summary>It is taken, as for a copy of some platforms only.</summary>
    Accept,
}

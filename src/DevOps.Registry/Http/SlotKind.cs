namespace DevOps.Registry;

/// <summary>What a request does while others wait.</summary>
internal enum SlotKind
{
    /// <summary>Asks for something short: until the answer's headers are there.</summary>
    Ask,

    /// <summary>Writes a blob: until it is answered.</summary>
    Write,

    /// <summary>Reads a blob: until it was read or is let go of.</summary>
    Read,
}

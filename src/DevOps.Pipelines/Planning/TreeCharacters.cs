namespace DevOps.Pipelines;

/// <summary>What the lines of a tree are made of.</summary>
public enum TreeCharacters
{
    /// <summary>Box drawing characters of Unicode.</summary>
    Box,

    /// <summary>Characters that every terminal and file has.</summary>
    Ascii,
}

namespace Cli;

/// <summary>How a transfer shows how far it is.</summary>
internal enum ProgressStyle
{
    /// <summary>Not at all; notes are left out too.</summary>
    None,

    /// <summary>Not at all, as the output is read by a program; what is worth a note is in the result.</summary>
    Silent,

    /// <summary>Lines, seldom enough for a log.</summary>
    Plain,

    /// <summary>A line that is drawn anew.</summary>
    Bar,
}

namespace DevOps.Registry;

/// <summary>A mirror's definition cannot be read.</summary>
public sealed class MirrorDefinitionException : DevOpsException
{
    internal MirrorDefinitionException(string problem, long line, long column, Exception? cause = null)
        : base($"Line {line}, column {column}: {problem}", cause) => (Line, Column) = (line, column);

    /// <summary>Gets the line, from 1.</summary>
    public long Line { get; }

    /// <summary>Gets the column, from 1.</summary>
    public long Column { get; }
}

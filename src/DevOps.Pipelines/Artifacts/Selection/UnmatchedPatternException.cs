using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Patterns chose no file.</summary>
public sealed class UnmatchedPatternException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="what">What the files were for, as the middle of a sentence.</param>
    /// <param name="root">Where they were looked for.</param>
    /// <param name="patterns">The patterns that chose nothing.</param>
    public UnmatchedPatternException(string what, string root, ImmutableArray<string> patterns)
        : base($"{what} was not saved: no file in '{root}' is chosen by {string.Join(" or ", patterns.Select(pattern => $"'{pattern}'"))}. "
            + "Check that the job writes there and that the names are spelled so, large and small letters too, or allow it in the options.") => Patterns = patterns;

    /// <summary>Gets the patterns that chose nothing.</summary>
    public ImmutableArray<string> Patterns { get; }
}

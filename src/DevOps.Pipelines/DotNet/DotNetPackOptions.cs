namespace DevOps.Pipelines;

/// <summary>Controls <c>dotnet pack</c>.</summary>
public sealed record DotNetPackOptions : DotNetProjectOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DotNetPackOptions Default { get; } = new();

    /// <summary>Gets the directory for the packages, from the working directory. Files of the same names are replaced, others stay.</summary>
    /// <value><c>artifacts/packages</c> by default.</value>
    public string Output { get; init { ArgumentException.ThrowIfNullOrWhiteSpace(value); field = value; } } = "artifacts/packages";

    /// <summary>Gets whether outputs are taken as built before (<c>--no-build</c>).</summary>
    /// <value>They are built by default.</value>
    public bool NoBuild { get; init; }

    /// <summary>Gets whether packages with symbols are made as well (<c>--include-symbols</c>), in the form of <c>.snupkg</c>.</summary>
    public bool IncludeSymbols { get; init; }
}

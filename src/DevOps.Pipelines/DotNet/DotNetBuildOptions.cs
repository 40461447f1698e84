namespace DevOps.Pipelines;

/// <summary>Controls <c>dotnet build</c>.</summary>
public sealed record DotNetBuildOptions : DotNetProjectOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DotNetBuildOptions Default { get; } = new();

    /// <summary>Gets the directory for what is built (<c>--output</c>); not for a solution, which <c>dotnet</c> refuses.</summary>
    /// <value><see langword="null"/>, the default: as the project says.</value>
    public string? Output { get; init; }

    /// <summary>Gets whether the runtime is put beside the program (<c>--self-contained</c>, <c>--no-self-contained</c>).</summary>
    /// <value><see langword="null"/>, the default: as the project says.</value>
    public bool? SelfContained { get; init; }
}

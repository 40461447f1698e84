namespace DevOps.Pipelines;

/// <summary>Controls <c>dotnet publish</c>.</summary>
public sealed record DotNetPublishOptions : DotNetProjectOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DotNetPublishOptions Default { get; } = new();

    /// <summary>Gets the directory for what is published (<c>--output</c>); not for a solution, which <c>dotnet</c> refuses.</summary>
    /// <value><see langword="null"/>, the default: as the project says.</value>
    public string? Output { get; init; }

    /// <summary>Gets whether the runtime is put beside the program (<c>--self-contained</c>, <c>--no-self-contained</c>).</summary>
    /// <value><see langword="null"/>, the default: as the project says.</value>
    public bool? SelfContained { get; init; }

    /// <summary>Gets whether outputs are taken as built before (<c>--no-build</c>).</summary>
    /// <value>They are built by default.</value>
    public bool NoBuild { get; init; }
}

namespace DevOps.Pipelines;

/// <summary>What all steps that build have in common.</summary>
public abstract record DotNetProjectOptions : DotNetOptions
{
    private protected DotNetProjectOptions()
    {
    }

    /// <summary>Gets the configuration (<c>--configuration</c>).</summary>
    /// <value><c>Release</c> by default, for every step: they find each other's outputs.</value>
    public string Configuration { get; init { ArgumentException.ThrowIfNullOrWhiteSpace(value); field = value; } } = "Release";

    /// <summary>Gets the target framework, as <c>net10.0</c> (<c>--framework</c>).</summary>
    /// <value><see langword="null"/>, the default: all of the project.</value>
    public string? Framework { get; init; }

    /// <summary>Gets the version of what is built (property <c>Version</c>).</summary>
    /// <value><see langword="null"/>, the default: as the project says.</value>
    public SemanticVersion? Version { get; init; }

    /// <summary>Gets whether packages are taken as restored before (<c>--no-restore</c>).</summary>
    /// <value>They are restored by default.</value>
    public bool NoRestore { get; init; }
}

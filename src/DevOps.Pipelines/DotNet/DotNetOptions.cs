using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What all steps that run MSBuild through <c>dotnet</c> have in common.</summary>
public abstract record DotNetOptions
{
    private protected DotNetOptions()
    {
    }

    /// <summary>Gets the project, solution or file-based program.</summary>
    /// <value><see langword="null"/>, the default: the one in the working directory.</value>
    public string? Project { get; init; }

    /// <summary>Gets the runtime identifier to build for, as <c>linux-x64</c> (<c>--runtime</c>).</summary>
    /// <value><see langword="null"/>, the default: as the project says.</value>
    public string? Runtime { get; init; }

    /// <summary>Gets how much MSBuild tells (<c>--verbosity</c>).</summary>
    /// <value><see langword="null"/>, the default: as <c>dotnet</c> decides.</value>
    public DotNetVerbosity? Verbosity { get; init; }

    /// <summary>Gets MSBuild properties (<c>-p</c>), written in ordinal order of their names. Values are passed as they are, whatever characters they have.</summary>
    /// <value>None by default.</value>
    public ImmutableDictionary<string, string> Properties { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets further arguments, which come last and as they are.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> AdditionalArguments { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets how the process runs. What it sets in the environment counts more than what the step sets.</summary>
    public ProcessOptions Process { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = ProcessOptions.Default;
}

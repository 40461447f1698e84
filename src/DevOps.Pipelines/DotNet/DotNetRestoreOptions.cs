using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls <c>dotnet restore</c>.</summary>
public sealed record DotNetRestoreOptions : DotNetOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DotNetRestoreOptions Default { get; } = new();

    /// <summary>Gets the package sources, which then take the place of those in <c>nuget.config</c> (<c>--source</c>).</summary>
    /// <value>None by default: as <c>nuget.config</c> says.</value>
    public ImmutableArray<string> Sources { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets whether a lock file that does not match is an error (<c>--locked-mode</c>).</summary>
    public bool LockedMode { get; init; }
}

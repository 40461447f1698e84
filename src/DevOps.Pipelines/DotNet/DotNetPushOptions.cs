namespace DevOps.Pipelines;

/// <summary>Controls <c>dotnet nuget push</c>.</summary>
public sealed record DotNetPushOptions
{
    /// <summary>Gets the feed: an address, a directory, or the name of a source of <c>nuget.config</c> (<c>--source</c>).</summary>
    /// <value><see langword="null"/>, the default: the default push source of <c>nuget.config</c>.</value>
    public string? Source { get; init; }

    /// <summary>Gets the key of the feed (<c>--api-key</c>). The log and errors show <c>***</c> for it. It is an argument, as every version of <c>dotnet</c> takes it, which other users of the machine can see while the process runs.</summary>
    /// <value><see langword="null"/>, the default: no key.</value>
    public Secret? ApiKey { get; init; }

    /// <summary>Gets whether a version that is in the feed already is passed over (<c>--skip-duplicate</c>).</summary>
    /// <value>It is an error by default.</value>
    public bool SkipDuplicate { get; init; }

    /// <summary>Gets how long a package may take, in whole seconds (<c>--timeout</c>).</summary>
    /// <value><see langword="null"/>, the default: as <c>dotnet</c> decides, 5 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one second.</exception>
    public TimeSpan? Timeout { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1), nameof(value)); field = value; } }

    /// <summary>Gets how the process runs. What it sets in the environment counts more than what the step sets.</summary>
    public ProcessOptions Process { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = ProcessOptions.Default;
}

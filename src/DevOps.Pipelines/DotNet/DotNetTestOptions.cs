using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls <c>dotnet test</c>.</summary>
public sealed record DotNetTestOptions : DotNetProjectOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static DotNetTestOptions Default { get; } = new();

    /// <summary>Gets what runs the tests.</summary>
    /// <value><see cref="DotNetTestRunner.VSTest"/> by default, as for <c>dotnet</c>.</value>
    public DotNetTestRunner Runner { get; init; }

    /// <summary>Gets whether outputs are taken as built before (<c>--no-build</c>).</summary>
    /// <value>They are built by default.</value>
    public bool NoBuild { get; init; }

    /// <summary>Gets which tests run (<c>--filter</c>), in the words of the runner; not every framework of the testing platform has such an option.</summary>
    /// <value><see langword="null"/>, the default: all.</value>
    public string? Filter { get; init; }

    /// <summary>Gets the directory for reports (<c>--results-directory</c>), from the working directory.</summary>
    /// <value><c>TestResults</c> by default.</value>
    public string ResultsDirectory { get; init { ArgumentException.ThrowIfNullOrWhiteSpace(value); field = value; } } = "TestResults";

    /// <summary>Gets the reports to write: for VSTest <c>--logger</c>, for the testing platform <c>--report-</c> and the name, so that <c>xunit-trx</c> is <c>--report-xunit-trx</c>.</summary>
    /// <value><c>trx</c> by default, which on the testing platform needs the package <c>Microsoft.Testing.Extensions.TrxReport</c>.</value>
    public ImmutableArray<string> Loggers { get; init => field = value.IsDefault ? [] : value; } = ["trx"];
}

using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What the processes of one job have in common.</summary>
/// <param name="Runner">Runs them.</param>
/// <param name="TimeProvider">Gives each line its time.</param>
/// <param name="Log">Takes the lines, one at a time for each process.</param>
internal sealed record ProcessScope(IProcessRunner Runner, TimeProvider TimeProvider, Action<LogLine> Log)
{
    /// <summary>Gets what makes a filter for one stream of one process, given the secrets among its arguments; the filter hides those and all others that the run knows.</summary>
    internal Func<ImmutableArray<string>, IByteFilter?>? CreateFilter { get; init; }

    /// <summary>Returns the scope of processes of the system whose lines nobody reads.</summary>
    internal static ProcessScope Silent(TimeProvider timeProvider) => new(new SystemProcessRunner(timeProvider), timeProvider, _ => { });
}

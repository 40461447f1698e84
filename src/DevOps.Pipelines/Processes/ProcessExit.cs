namespace DevOps.Pipelines;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">The code it ended with; 128 and the signal's number if a signal of Unix ended it, as shells tell it.</param>
/// <param name="Duration">How long it ran, from its start until all of its output had come.</param>
public sealed record ProcessExit(int ExitCode, TimeSpan Duration)
{
    /// <summary>Gets whether it was ended because its time was over.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Gets the number of the signal that ended it, or <see langword="null"/> if it ended by itself. A program that ends itself with such a code, as shells do for their last command, looks the same.</summary>
    public int? Signal => ProcessSignals.FromExitCode(ExitCode);
}

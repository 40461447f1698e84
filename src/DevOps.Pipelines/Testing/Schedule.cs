namespace DevOps.Pipelines.Testing;

/// <summary>In which order a <see cref="PipelineTester"/> does what could be done at the same time. The same schedule does the same each time.</summary>
public sealed class Schedule
{
    private readonly ulong? _seed;

    private Schedule(ulong? seed) => _seed = seed;

    /// <summary>Gets the order in which things became possible: jobs start as they became ready, timers that are due at the same time fire as they were started.</summary>
    public static Schedule InOrder { get; } = new(null);

    /// <summary>Returns an order that looks like chance and is the same for the same seed. Try many seeds to look for an order that breaks a pipeline.</summary>
    /// <param name="seed">The seed.</param>
    public static Schedule Seeded(int seed) => new(unchecked((ulong)seed));

    /// <summary>Returns the schedule as it is written in code.</summary>
    public override string ToString() => _seed is { } seed ? $"Schedule.Seeded({unchecked((int)seed)})" : "Schedule.InOrder";

    /// <summary>Returns what chooses for one tester: given how many there are, which is next.</summary>
    internal Func<int, int> CreateChoice()
    {
        if (_seed is not { } state)
        {
            return static _ => 0;
        }

        // SplitMix64, by Sebastiano Vigna (public domain): the numbers of a seed are the same in every version of .NET.
        return count =>
        {
            ulong mixed = unchecked(state += 0x9E3779B97F4A7C15);
            mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
            return (int)((mixed ^ (mixed >> 31)) % (ulong)count);
        };
    }
}

namespace DevOps.Benchmarks.Comparison;

/// <summary>Things that are measured in one run: each once a round, and each round begins with another, so that what the machine does beside meets all of them.</summary>
internal sealed class Contest(int rounds)
{
    private readonly List<(string Name, Func<int, Measurement> Run)> _entrants = [];
    private readonly Dictionary<string, Measurement> _results = [];

    /// <summary>Gets the names, in the order in which they were added.</summary>
    internal IEnumerable<string> Names => _entrants.Select(entrant => entrant.Name);

    /// <summary>Gets the median of the rounds, or <see langword="null"/> for what did not take part.</summary>
    internal Measurement? this[string name] => _results.GetValueOrDefault(name);

    internal void Add(string name, Func<Measurement> run) => Add(name, _ => run());

    /// <summary>Adds something that is told the round, from 0 on.</summary>
    internal void Add(string name, Func<int, Measurement> run) => _entrants.Add((name, run));

    internal void Run()
    {
        Dictionary<string, List<Measurement>> runs = Names.ToDictionary(name => name, _ => new List<Measurement>());
        for (int round = 0; round < rounds; round++)
        {
            int first = round * _entrants.Count / rounds;
            for (int i = 0; i < _entrants.Count; i++)
            {
                (string name, Func<int, Measurement> run) = _entrants[(first + i) % _entrants.Count];
                Measurement measured = run(round);
                runs[name].Add(measured);
                Console.Error.WriteLine($"round {round + 1} of {rounds}: {name}: {Text.Seconds(measured.Seconds)} s");
            }
        }

        foreach ((string name, List<Measurement> measured) in runs)
        {
            _results[name] = Measurement.Median(measured);
        }
    }
}

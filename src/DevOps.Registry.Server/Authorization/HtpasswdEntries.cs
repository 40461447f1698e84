namespace DevOps.Registry.Server;

/// <summary>The lines of an htpasswd file that can be used.</summary>
/// <param name="Hashes">The hash of each user; of two lines for one name the first counts, as it does for Apache.</param>
/// <param name="Unusable">The numbers of lines that are no comment and no bcrypt hash, or one of a cost above 17, the highest that htpasswd makes.</param>
internal sealed record HtpasswdEntries(IReadOnlyDictionary<string, Bcrypt> Hashes, IReadOnlyList<int> Unusable)
{
    private const int MaxCost = 17;
    private const int DefaultCost = 10;

    internal static HtpasswdEntries Empty { get; } = new(new Dictionary<string, Bcrypt>(), []);

    private readonly int[] _costs = [.. Hashes.Values.Select(hash => hash.Cost).Order()];

    /// <summary>Returns what a password for a name that does not exist is compared with: as costly as that of a user, so that the time of an answer does not tell which names exist.</summary>
    /// <param name="number">A number that belongs to the name, and that nobody outside can know.</param>
    internal Bcrypt Unknown(uint number) => Bcrypt.Unknown(_costs.Length > 0 ? _costs[number % (uint)_costs.Length] : DefaultCost);

    internal static HtpasswdEntries Parse(string text)
    {
        Dictionary<string, Bcrypt> hashes = new(StringComparer.Ordinal);
        List<int> unusable = [];
        foreach ((int index, string raw) in text.Split('\n').Index())
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || Bcrypt.TryParse(line[(colon + 1)..]) is not { Cost: <= MaxCost } hash)
            {
                unusable.Add(index + 1);
                continue;
            }

            hashes.TryAdd(line[..colon], hash);
        }

        return new(hashes, unusable);
    }
}

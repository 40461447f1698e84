using System.Globalization;

namespace DevOps.Testing;

/// <summary>How long the long loops are: a bounded part in an ordinary run, always the same; more, and with other random numbers, below eng/soak.sh.</summary>
public static class Soak
{
    private static readonly int Multiplier = Read("DEVOPS_SOAK", 1);

    private static readonly int SeedOffset = Read("DEVOPS_SOAK_SEED", 0);

    public static int Times(int count) => count * Multiplier;

    public static int Seed(int seed) => unchecked(seed + SeedOffset);

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}

namespace DevOps.Pipelines;

/// <summary>Secrets that were found for parameters.</summary>
internal sealed class FoundSecrets(IReadOnlyDictionary<string, Secret> byNormalizedName) : ISecretSource
{
    public string Name => "what the run was given";

    public ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default) => new(byNormalizedName.GetValueOrDefault(ParameterNames.Normalize(name)));
}

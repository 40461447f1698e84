namespace DevOps.Pipelines;

/// <summary>Secrets that are variables of an environment, which comes from outside.</summary>
public sealed class EnvironmentSecrets : ISecretSource
{
    private readonly IReadOnlyDictionary<string, string?> _environment;

    /// <summary>Creates the source.</summary>
    /// <param name="environment">The variables, by name; read at each search.</param>
    public EnvironmentSecrets(IReadOnlyDictionary<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <inheritdoc/>
    public string Name => "the environment";

    /// <inheritdoc/>
    public ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_environment.TryGetValue(name, out string? value) && value is { Length: > 0 } ? new Secret(value, name) : null);
    }
}

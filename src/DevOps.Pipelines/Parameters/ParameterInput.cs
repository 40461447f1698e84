using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What was found for the parameters of a run: give <see cref="Texts"/> to <see cref="RunOptions.Parameters"/> and <see cref="Secrets"/> to <see cref="RunOptions.Secrets"/>.</summary>
public sealed record ParameterInput
{
    /// <summary>Gets the values by name, as they are written; no secrets and no defaults.</summary>
    public required ImmutableDictionary<string, string> Texts { get; init; }

    /// <summary>Gets the secrets that were found, then those of <see cref="ParameterSources.Secrets"/>.</summary>
    public required ISecretSource Secrets { get; init; }

    /// <summary>Gets by name where each value came from, secrets included, as <c>the environment variable IMAGE_TAG</c>.</summary>
    public required ImmutableDictionary<string, string> Origins { get; init; }
}

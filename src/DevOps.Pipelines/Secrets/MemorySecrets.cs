using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Secrets that the program has already, as in tests.</summary>
public sealed class MemorySecrets : ISecretSource
{
    private readonly ImmutableDictionary<string, string> _secrets;

    /// <summary>Creates a source of no secrets.</summary>
    public MemorySecrets() : this(ImmutableDictionary<string, string>.Empty)
    {
    }

    private MemorySecrets(ImmutableDictionary<string, string> secrets) => _secrets = secrets;

    /// <inheritdoc/>
    public string Name => "the program's memory";

    /// <summary>Returns the source with one secret more, or with another text of it.</summary>
    /// <param name="name">The name. Names are the same if they differ only in case, <c>-</c> and <c>_</c>, as those of parameters.</param>
    /// <param name="text">The secret.</param>
    /// <exception cref="ArgumentException">The name or the text is empty.</exception>
    public MemorySecrets With(string name, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new(_secrets.SetItem(ParameterNames.Normalize(name), text));
    }

    /// <inheritdoc/>
    public ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_secrets.TryGetValue(ParameterNames.Normalize(name), out string? text) ? new Secret(text, name) : null);
    }
}

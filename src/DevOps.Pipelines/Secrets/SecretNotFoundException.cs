namespace DevOps.Pipelines;

/// <summary>No source has a secret of that name, or only an empty one.</summary>
public sealed class SecretNotFoundException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="secretName">The name of the secret.</param>
    /// <param name="sources">The names of all sources that were asked, in order.</param>
    public SecretNotFoundException(string secretName, IReadOnlyList<string> sources)
        : base($"There is no secret '{secretName}', or it is empty. Asked were: {(sources.Count == 0 ? "no sources" : string.Join("; ", sources))}. Set it in one of these, or add the source that has it.") =>
        (SecretName, Sources) = (secretName, sources);

    /// <summary>Gets the name of the secret.</summary>
    public string SecretName { get; }

    /// <summary>Gets the names of all sources that were asked, in order.</summary>
    public IReadOnlyList<string> Sources { get; }
}

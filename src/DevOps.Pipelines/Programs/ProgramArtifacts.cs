namespace DevOps.Pipelines;

/// <summary>Keeps artifacts beside the runs of a program. Nothing is made before a job saves something.</summary>
internal sealed class ProgramArtifacts(ProgramCalls calls) : IArtifactStore
{
    private readonly FolderArtifactStore _store = new(ProgramState.FindArtifacts(calls), calls.Options.Run.TimeProvider);

    public ValueTask<bool> ContainsAsync(Artifact artifact, CancellationToken cancellationToken = default) => _store.ContainsAsync(artifact, cancellationToken);

    public Task WriteAsync(Artifact artifact, Stream content, CancellationToken cancellationToken = default)
    {
        ProgramState.Prepare(calls);
        return _store.WriteAsync(artifact, content, cancellationToken);
    }

    public Task<Stream> OpenReadAsync(Artifact artifact, CancellationToken cancellationToken = default) => _store.OpenReadAsync(artifact, cancellationToken);
}

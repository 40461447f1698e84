namespace DevOps.Pipelines;

/// <summary>The ability of an <see cref="IRunStore"/> to delete runs.</summary>
public interface IRunDeleter
{
    /// <summary>Deletes a run with its journal and its messages.</summary>
    /// <returns>Whether there was such a run.</returns>
    /// <exception cref="RunLeaseException">Someone holds the run's lease; it was not touched.</exception>
    Task<bool> DeleteAsync(string runId, CancellationToken cancellationToken = default);
}

namespace DevOps.Pipelines;

/// <summary>The ability of an <see cref="IRunStore"/> to let one at a time do something, over all runs and processes that use the store.</summary>
public interface IExclusionStore
{
    /// <summary>Waits until nobody else is inside, and enters. Who comes first is not certain among those that wait.</summary>
    /// <param name="name">Names what only one may do: any text, compared ordinally.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Leaves when it is disposed. The end of the process leaves as well.</returns>
    Task<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken = default);
}

namespace DevOps.Pipelines;

/// <summary>Which failures of a cache a job survives.</summary>
internal static class CacheFailures
{
    /// <summary>Returns whether to go on without the cache: always, except when told to stop. A store is anyone's code, and whatever it throws, the job can do the work itself.</summary>
    internal static bool IsSurvivable(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && exception is not (OutOfMemoryException or StackOverflowException);

    /// <summary>Returns whether what was found will never be of use, so that it can go.</summary>
    internal static bool IsBroken(Exception exception) => exception is InvalidContentException or Content.ContentVerificationException or Archives.Extraction.UnsafeEntryException or ArtifactNotFoundException;
}

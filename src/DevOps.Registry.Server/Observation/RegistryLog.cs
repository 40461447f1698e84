using DevOps.Oci;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server;

/// <summary>Writes what happens in a registry to its log, in one line each that names only what the event has.</summary>
internal static partial class RegistryLog
{
    internal static void Write(ILogger logger, RegistryEvent happened)
    {
        LogLevel level = happened.Kind is RegistryEventKind.BlobPulled or RegistryEventKind.ManifestPulled ? LogLevel.Debug : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        string tags = string.Join(", ", happened.Tags);
        bool isDeletion = happened.Kind is RegistryEventKind.BlobDeleted or RegistryEventKind.ManifestDeleted;
        switch (happened.Digest)
        {
            case null:
                LogTags(logger, level, happened.Kind, happened.Repository, tags);
                break;
            case { } digest when isDeletion && tags.Length == 0:
                LogDigest(logger, level, happened.Kind, happened.Repository, digest);
                break;
            case { } digest when isDeletion:
                LogDigestAndTags(logger, level, happened.Kind, happened.Repository, digest, tags);
                break;
            case { } digest when tags.Length == 0:
                LogContent(logger, level, happened.Kind, happened.Repository, digest, happened.LengthBytes);
                break;
            case { } digest:
                LogContentAndTags(logger, level, happened.Kind, happened.Repository, digest, happened.LengthBytes, tags);
                break;
        }
    }

    [LoggerMessage(LogLevel.Error, "The listener for events failed at {Kind} in {Repository}")]
    internal static partial void ListenerFailed(ILogger logger, RegistryEventKind kind, RepositoryName repository, Exception exception);

    [LoggerMessage(Message = "{Kind} in {Repository}: {Tags}")]
    private static partial void LogTags(ILogger logger, LogLevel level, RegistryEventKind kind, RepositoryName repository, string tags);

    [LoggerMessage(Message = "{Kind} in {Repository}: {Digest}")]
    private static partial void LogDigest(ILogger logger, LogLevel level, RegistryEventKind kind, RepositoryName repository, Digest digest);

    [LoggerMessage(Message = "{Kind} in {Repository}: {Digest}, tags {Tags}")]
    private static partial void LogDigestAndTags(ILogger logger, LogLevel level, RegistryEventKind kind, RepositoryName repository, Digest digest, string tags);

    [LoggerMessage(Message = "{Kind} in {Repository}: {Digest}, {LengthBytes} bytes")]
    private static partial void LogContent(ILogger logger, LogLevel level, RegistryEventKind kind, RepositoryName repository, Digest digest, long lengthBytes);

    [LoggerMessage(Message = "{Kind} in {Repository}: {Digest}, {LengthBytes} bytes, tags {Tags}")]
    private static partial void LogContentAndTags(ILogger logger, LogLevel level, RegistryEventKind kind, RepositoryName repository, Digest digest, long lengthBytes, string tags);
}

using System.Collections.Immutable;
using DevOps.Oci;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server;

/// <summary>Tells of what happens: to the application, to its meters, to its log.</summary>
internal sealed partial class RegistryWatch(IProgress<RegistryEvent>? listener, RegistryMetrics metrics, ILogger logger)
{
    internal void Report(HttpContext context, RegistryEvent happened)
    {
        happened = happened with { UserName = RegistryGuard.UserOf(context) };
        metrics.Count(happened);
        LogLevel level = happened.Kind is RegistryEventKind.BlobPulled or RegistryEventKind.ManifestPulled ? LogLevel.Debug : LogLevel.Information;
        LogHappened(logger, level, happened.Kind, happened.Repository, happened.Digest, happened.Tags, happened.LengthBytes);
        try
        {
            listener?.Report(happened);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What happened has happened: the client is answered so.
            LogListenerFailure(logger, happened.Kind, happened.Repository, e);
        }
    }

    internal void Refused(string code) => metrics.CountError(code);

    [LoggerMessage(Message = "{Kind} in {Repository}: {Digest}, tags '{Tags}', {LengthBytes} bytes")]
    private static partial void LogHappened(ILogger logger, LogLevel level, RegistryEventKind kind, RepositoryName repository, Digest? digest, ImmutableArray<string> tags, long lengthBytes);

    [LoggerMessage(LogLevel.Error, "The listener for events failed at {Kind} in {Repository}")]
    private static partial void LogListenerFailure(ILogger logger, RegistryEventKind kind, RepositoryName repository, Exception exception);
}

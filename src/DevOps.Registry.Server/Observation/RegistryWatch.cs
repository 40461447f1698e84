using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry.Server;

/// <summary>Tells of what happens: to the application, to its meters, to its log.</summary>
internal sealed class RegistryWatch(IProgress<RegistryEvent>? listener, RegistryMetrics metrics, ILogger logger)
{
    internal void Report(HttpContext context, RegistryEvent happened)
    {
        happened = happened with { UserName = RegistryGuard.UserOf(context) };
        metrics.Count(happened);
        RegistryLog.Write(logger, happened);
        try
        {
            listener?.Report(happened);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What happened has happened: the client is answered so.
            RegistryLog.ListenerFailed(logger, happened.Kind, happened.Repository, e);
        }
    }

    internal void Refused(string code) => metrics.CountError(code);
}

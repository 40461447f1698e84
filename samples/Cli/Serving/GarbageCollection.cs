using DevOps.Registry.Server;

namespace Cli;

/// <summary>Removes again and again what no manifest reaches, while the registry serves.</summary>
internal static class GarbageCollection
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    internal static async Task RunAsync(RegistryStorage storage, Output output, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Pause);
        do
        {
            try
            {
                RegistryGarbageResult result = await storage.CollectGarbageAsync(null, cancellationToken);
                output.Progress($"garbage: removed {result.RemovedBlobCount} blobs ({Output.Bytes(result.RemovedBytes)}) and {result.RemovedUploadCount} uploads; {result.KeptBlobCount} blobs stay ({Output.Bytes(result.KeptBytes)})");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                output.Problem($"error: garbage was not collected: {e.Message} The next try is in an hour.");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}

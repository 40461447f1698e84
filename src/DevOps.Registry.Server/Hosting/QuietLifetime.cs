using Microsoft.Extensions.Hosting;

namespace DevOps.Registry.Server;

/// <summary>Lives as long as its owner says. The default would take Ctrl-C and SIGTERM away from the program that the registry is embedded in.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

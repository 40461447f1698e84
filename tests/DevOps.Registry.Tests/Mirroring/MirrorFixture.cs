using DevOps.Oci;
using DevOps.Registry.Server;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Mirroring;

/// <summary>Two registries on loopback, a client, and what was asked of both.</summary>
internal sealed class MirrorFixture : IAsyncDisposable
{
    private MirrorFixture(TemporaryDirectory directory, RegistryHost source, RegistryHost target) => (Directory, SourceHost, TargetHost) = (directory, source, target);

    internal TemporaryDirectory Directory { get; }

    internal RegistryHost SourceHost { get; }

    internal RegistryHost TargetHost { get; }

    internal RegistryClient Client { get; } = new(new() { MaxRetries = 0 });

    internal RemoteRepository Source => Client.GetRepository(SourceHost.Address, RepositoryName.Parse("team/api"));

    internal RemoteRepository Target => Client.GetRepository(TargetHost.Address, RepositoryName.Parse("mirror/api"));

    internal MirrorRule Rule => MirrorRule.ForRepository($"{Source.Registry}/{Source.Name}", $"{Target.Registry}/{Target.Name}");

    internal static async Task<MirrorFixture> StartAsync(CancellationToken cancellationToken)
    {
        TemporaryDirectory directory = TemporaryDirectory.Create();
        RegistryHost source = await RegistryHost.StartAsync(new() { Directory = directory.PathOf("source") }, cancellationToken: cancellationToken);
        RegistryHost target = await RegistryHost.StartAsync(new() { Directory = directory.PathOf("target") }, cancellationToken: cancellationToken);
        return new(directory, source, target);
    }

    internal async Task<ImageManifest> AddAsync(string tag, CancellationToken cancellationToken, RemoteRepository? to = null, string? content = null)
    {
        ImageManifest image = await Sample.WriteImageAsync(to ?? Source, content ?? tag, cancellationToken);
        await (to ?? Source).TagAsync(image.Descriptor, tag, cancellationToken);
        return image;
    }

    internal Task<MirrorResult> RunAsync(MirrorRule rule, CancellationToken cancellationToken, MirrorOptions? options = null) =>
        new Mirror(Client, options).RunAsync(new(rule), null, cancellationToken);

    /// <summary>Forgets all faults, and notes from now on what is asked.</summary>
    internal void Watch()
    {
        foreach (RegistryHost host in (RegistryHost[])[SourceHost, TargetHost])
        {
            host.Faults.Clear();
            host.Faults.Add(Fault.Watch().On(RegistryRequestKind.Any & ~RegistryRequestKind.Ping));
        }
    }

    internal static string[] Asked(RegistryHost host) => [.. host.Faults.Hits.Select(hit => $"{hit.Method} {hit.Kind}").Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await SourceHost.DisposeAsync();
        await TargetHost.DisposeAsync();
        Directory.Dispose();
    }
}

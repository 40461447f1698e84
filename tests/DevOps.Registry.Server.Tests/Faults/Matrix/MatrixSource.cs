using System.Net;
using System.Net.Sockets;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>What the cases of one class share, because none changes it: a registry with the image, a copy of it that asks for no credentials, and folders to begin with.</summary>
public sealed class MatrixSource : IAsyncLifetime
{
    internal static readonly RepositoryName Name = RepositoryName.Parse("team/api");

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly Socket _dead = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal RegistryHost Host { get; private set; } = null!;

    internal RegistryHost Copy { get; private set; } = null!;

    internal MatrixImage Image { get; private set; } = null!;

    internal MatrixImage OldImage { get; private set; } = null!;

    internal SwitchedClock Clock { get; } = new();

    /// <summary>Gets a port that is taken, and that nobody listens at.</summary>
    internal int DeadPort => ((IPEndPoint)_dead.LocalEndPoint!).Port;

    internal string OldStore => _directory.PathOf("old");

    internal string NewStore => _directory.PathOf("new");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        _dead.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Image = await MatrixImage.CreateAsync(1, cancellation);
        OldImage = await MatrixImage.CreateAsync(2, cancellation);
        await FillAsync(OldStore, OldImage, cancellation);
        await FillAsync(NewStore, Image, cancellation);
        CopyFolder(NewStore, _directory.PathOf("copy"));
        Host = await StartHostAsync(NewStore, Clock, cancellation);
        Copy = await RegistryHost.StartAsync(new() { Directory = _directory.PathOf("copy") }, cancellationToken: cancellation);
        Copy.Faults.Add(Fault.Watch());
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Copy.DisposeAsync();
        _dead.Dispose();
        _directory.Dispose();
    }

    internal static Task<RegistryHost> StartHostAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) => RegistryHost.StartAsync(
        new() { Directory = directory, TimeProvider = clock, Authorizer = new BearerAuthorizer(RegistryTokenKey.Generate(), new AnyPassword()) }, cancellationToken: cancellationToken);

    internal static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }

    private static async Task FillAsync(string directory, MatrixImage image, CancellationToken cancellationToken)
    {
        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = directory }, cancellationToken: cancellationToken);
        using RegistryClient client = new();
        await image.PushAsync(client.GetRepository(host.Address, Name), cancellationToken);
    }

    private sealed class AnyPassword : IPasswordVerifier
    {
        public ValueTask<PasswordVerdict> VerifyAsync(string userName, string password, CancellationToken cancellationToken = default) => ValueTask.FromResult(PasswordVerdict.Accepted);
    }
}

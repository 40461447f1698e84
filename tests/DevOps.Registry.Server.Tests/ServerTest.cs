namespace DevOps.Registry.Server.Tests;

/// <summary>A test with a registry of its own.</summary>
public abstract class ServerTest : IAsyncLifetime
{
    private ServerFixture? _server;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected ServerFixture Server => _server!;

    public async ValueTask InitializeAsync() => _server = await ServerFixture.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

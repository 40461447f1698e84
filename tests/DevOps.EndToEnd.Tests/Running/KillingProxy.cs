using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DevOps.EndToEnd.Tests;

/// <summary>Stands before a registry on loopback and passes everything on, until a request starts to upload content: then it does something once, and neither that request arrives nor another upload before it is opened again.</summary>
internal sealed class KillingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _registry;
    private readonly CancellationTokenSource _end = new();
    private Action? _atUpload;
    private volatile bool _isShut;

    internal KillingProxy(IPEndPoint registry)
    {
        _registry = registry;
        _listener.Start();
        _ = AcceptAsync();
    }

    internal string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    internal Action? AtUpload { set => (_atUpload, _isShut) = (value, true); }

    /// <summary>Lets uploads pass.</summary>
    internal void Open() => _isShut = false;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using TcpClient registry = new();
        using (client)
        {
            try
            {
                await registry.ConnectAsync(_registry, _end.Token);
                Task back = registry.GetStream().CopyToAsync(client.GetStream(), _end.Token);
                byte[] buffer = new byte[16 << 10];
                int read;
                while ((read = await client.GetStream().ReadAsync(buffer, _end.Token)) > 0)
                {
                    if (_isShut && IsUpload(buffer.AsSpan(0, read)))
                    {
                        // Another that comes while the process dies would be there when it is taken up again.
                        Interlocked.Exchange(ref _atUpload, null)?.Invoke();
                        return;
                    }

                    await registry.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
                }

                await back;
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // Whoever was killed closes its connections so.
            }
        }
    }

    private static bool IsUpload(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.ASCII.GetString(bytes);

        // A small blob comes with the request that would open an upload.
        return text.Contains("/blobs/uploads/", StringComparison.Ordinal)
            && (text.Contains("PATCH /v2/", StringComparison.Ordinal) || text.Contains("PUT /v2/", StringComparison.Ordinal) || text.Contains("/blobs/uploads/?digest=", StringComparison.Ordinal));
    }
}

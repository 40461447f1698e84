using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DevOps.Registry.Tests.Http;

/// <summary>An HTTP proxy on loopback that knows where names lead to. Tunnels and passes on requests without TLS; every first line is kept.</summary>
internal sealed class TestProxy : IWebProxy, IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, int?> _portOf;
    private readonly Task _accepting;

    /// <summary>Starts a proxy.</summary>
    /// <param name="portOf">The port on loopback that an authority leads to; <see langword="null"/> to refuse it.</param>
    internal TestProxy(Func<string, int?> portOf)
    {
        _portOf = portOf;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal ConcurrentQueue<string> Lines { get; } = new();

    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public bool IsBypassed(Uri host) => false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream near = client.GetStream();
                byte[] head = await ReadHeadAsync(near);
                string line = Encoding.ASCII.GetString(head).Split("\r\n")[0];
                Lines.Enqueue(line);
                string[] words = line.Split(' ');
                bool isTunnel = words[0] == "CONNECT";
                string authority = isTunnel ? words[1] : new Uri(words[1]).Authority;
                if (_portOf(authority) is not { } port)
                {
                    await near.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                    return;
                }

                using TcpClient far = new();
                await far.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
                NetworkStream away = far.GetStream();
                await (isTunnel ? near.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token) : away.WriteAsync(head, _stop.Token));
                await Task.WhenAny(near.CopyToAsync(away, _stop.Token), away.CopyToAsync(near, _stop.Token));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whoever was served is gone.
        }
    }

    private async Task<byte[]> ReadHeadAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Add(one[0]);
        }

        return [.. head];
    }
}

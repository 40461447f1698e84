using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DevOps.Oci;

namespace DevOps.Benchmarks.Registries;

/// <summary>A registry of one blob in this process, whose connections are each as fast as they are told and no faster, as those of object stores are; ranges are served.</summary>
internal sealed class ThrottledServer : IAsyncDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _blob;
    private readonly double _bytesPerSecond;
    private readonly TimeSpan _latency;
    private readonly Task _run;
    private readonly List<Task> _connections = [];

    /// <summary>Starts it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="bytesPerSecond">What one connection gives at most; infinite for no limit.</param>
    /// <param name="latency">How long each answer takes to begin.</param>
    internal ThrottledServer(byte[] blob, double bytesPerSecond, TimeSpan latency)
    {
        (_blob, _bytesPerSecond, _latency) = (blob, bytesPerSecond, latency);
        _listener.Start();
        _run = RunAsync();
    }

    internal RegistryAddress Address => RegistryAddress.Parse(_listener.LocalEndpoint.ToString()!);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _run;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                _connections.Add(Task.Run(() => ServeAsync(socket)));
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using NetworkStream stream = new(socket, ownsSocket: true);
        byte[] head = new byte[1 << 13];
        try
        {
            while (await ReadHeadAsync(stream, head) is { } request)
            {
                await AnswerAsync(stream, request);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went, or the server was stopped.
        }
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream, byte[] head)
    {
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(head.AsMemory(length), _stop.Token);
            length += read;
            if (read == 0 || head[0] < ' ')
            {
                // Who tries TLS first sees that there is none.
                return null;
            }

            if (head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                return Encoding.ASCII.GetString(head, 0, length);
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string request)
    {
        await Task.Delay(_latency, _stop.Token);
        bool isBlob = request.Contains("/blobs/", StringComparison.Ordinal);
        (int first, int last) = RangeOf(request);
        int length = isBlob ? last - first + 1 : 0;
        string status = isBlob && length < _blob.Length
            ? string.Create(CultureInfo.InvariantCulture, $"206 Partial Content\r\nContent-Range: bytes {first}-{last}/{_blob.Length}")
            : "200 OK";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n")), _stop.Token);
        long started = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < length;)
        {
            int chunk = Math.Min(ChunkBytes, length - sent);
            await stream.WriteAsync(_blob.AsMemory(first + sent, chunk), _stop.Token);
            sent += chunk;
            double ahead = (sent / _bytesPerSecond) - Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (ahead > 0.002)
            {
                await Task.Delay(TimeSpan.FromSeconds(ahead), _stop.Token);
            }
        }
    }

    private (int First, int Last) RangeOf(string request)
    {
        string? line = request.Split("\r\n").FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase));
        if (line?["Range: bytes=".Length..].Split('-') is not [var first, var last])
        {
            return (0, _blob.Length - 1);
        }

        return (int.Parse(first, CultureInfo.InvariantCulture), Math.Min(int.Parse(last, CultureInfo.InvariantCulture), _blob.Length - 1));
    }
}

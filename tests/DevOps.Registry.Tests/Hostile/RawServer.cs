using System.Net;
using System.Net.Sockets;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Hostile;

/// <summary>A server on loopback that answers with any bytes, so that a length may be a lie and a body may never end. It closes the connection after each answer.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    // A client looks first whether a registry on loopback speaks TLS.
    private const byte TlsHandshake = 22;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, (string Head, Stream Body)> _answer;
    private readonly Task _accepting;
    private long _sentBytes;
    private int _requestCount;

    /// <param name="answer">Given the first line of a request, gives the head of the answer, with an LF at the end of each line but no empty line, and its body.</param>
    internal RawServer(Func<string, (string Head, Stream Body)> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal RegistryAddress Address => RegistryAddress.Parse($"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Gets how many bytes of bodies the system took to send; buffers of both ends hold some that nobody reads.</summary>
    internal long SentBytes => Interlocked.Read(ref _sentBytes);

    internal int RequestCount => Volatile.Read(ref _requestCount);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();

        // Whoever is about to accept when the listener is gone gets an error of use, and no cancellation.
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string request = await ReadHeadAsync(stream);
                if (request.Length == 0)
                {
                    return;
                }

                Interlocked.Increment(ref _requestCount);
                (string head, Stream body) = _answer(request);
                await using (body)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}Connection: close\n\n".ReplaceLineEndings("\r\n")), _end.Token);
                    await SendAsync(stream, body);
                }

                client.Client.Shutdown(SocketShutdown.Send);
                _ = await stream.ReadAsync(new byte[1], _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The client has had enough, or the test is over.
            }
        }
    }

    private async Task SendAsync(NetworkStream stream, Stream body)
    {
        byte[] buffer = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, _end.Token)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            Interlocked.Add(ref _sentBytes, read);
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        byte[] start = new byte[1];
        if (await stream.Socket.ReceiveAsync(start, SocketFlags.Peek, _end.Token) == 0 || start[0] == TlsHandshake)
        {
            return "";
        }

        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string first = await reader.ReadLineAsync(_end.Token) ?? "";
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
        {
            // Nothing here depends on the other headers.
        }

        return first;
    }
}

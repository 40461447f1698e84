using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DevOps.Registry.Server.Tests.Hostile;

/// <summary>A connection that sends whatever it is told, right or wrong.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<RawConnection> OpenAsync(ServerFixture server)
    {
        RawConnection connection = new();
        await connection._socket.ConnectAsync(IPAddress.Loopback, server.Address.Port!.Value, Cancellation);
        return connection;
    }

    /// <summary>Sends one text and returns all that comes back until the server closes.</summary>
    internal static async Task<string> AskAsync(ServerFixture server, string request)
    {
        using RawConnection connection = await OpenAsync(server);
        await connection.TrySendAsync(Encoding.Latin1.GetBytes(request));
        return await connection.ReadToEndAsync();
    }

    /// <summary>Returns whether the bytes could be sent: a server that closed takes none.</summary>
    internal async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, Cancellation)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Returns the first line of what comes back.</summary>
    internal async Task<string> ReadLineAsync()
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (await _socket.ReceiveAsync(one, Cancellation) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    internal async Task<string> ReadToEndAsync()
    {
        StringBuilder answer = new();
        byte[] buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await _socket.ReceiveAsync(buffer, Cancellation)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return answer.ToString();
    }

    public void Dispose() => _socket.Dispose();
}

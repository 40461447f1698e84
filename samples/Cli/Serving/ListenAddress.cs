using System.Globalization;
using System.Net;
using DevOps.Oci;

namespace Cli;

/// <summary>Where a registry listens.</summary>
/// <param name="Endpoint">The address.</param>
/// <param name="Name">The name that its user wrote in place of an address, or <see langword="null"/>. Credentials belong to a name as it is written, so it is told by that name.</param>
internal sealed record ListenAddress(IPEndPoint Endpoint, string? Name)
{
    internal const string Default = $"{Loopback}:5000";
    private const string Loopback = "localhost";

    /// <summary>Reads <c>ADDRESS:PORT</c>, <c>localhost:PORT</c> or <c>:PORT</c>.</summary>
    /// <exception cref="UsageException">The text is none of these.</exception>
    internal static ListenAddress Parse(string text)
    {
        bool isLoopback = text.StartsWith($"{Loopback}:", StringComparison.Ordinal);
        string address = text.StartsWith(':') ? $"{IPAddress.Any}{text}" : isLoopback ? $"{IPAddress.Loopback}{text[Loopback.Length..]}" : text;
        return IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && address.Contains(':', StringComparison.Ordinal)
            ? new(endpoint, isLoopback ? Loopback : null)
            : throw new UsageException($"'{text}' is nowhere to listen: write ADDRESS:PORT, as 127.0.0.1:5000; port 0 is any free one.");
    }

    /// <summary>Reads a port of loopback.</summary>
    /// <exception cref="UsageException">The text is no port.</exception>
    internal static ListenAddress OfPort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        ? new(new(IPAddress.Loopback, port), Loopback)
        : throw new UsageException($"'{text}' is no port: write a number from 0, for any free one, to 65535.");

    /// <summary>Returns what users write to reach a registry that listens here.</summary>
    internal string Told(RegistryAddress bound) => Name is null ? bound.ToString() : $"{Name}:{bound.Port}";

    public override string ToString() => Name is null ? Endpoint.ToString() : $"{Name}:{Endpoint.Port}";
}

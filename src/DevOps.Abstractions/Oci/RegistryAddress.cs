using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace DevOps.Oci;

/// <summary>Where a registry is: a host name or address, and a port where one is stated.</summary>
/// <remarks>Host names are kept in lower case. Source: the reference grammar of the distribution project, <c>domain</c>.</remarks>
public sealed record RegistryAddress
{
    private RegistryAddress(string host, int? port) => (Host, Port) = (host, port);

    /// <summary>Gets Docker Hub, the registry of references that name none.</summary>
    public static RegistryAddress DockerHub { get; } = new("docker.io", null);

    /// <summary>Gets the host name or address; an IPv6 address is in brackets.</summary>
    public string Host { get; }

    /// <summary>Gets the port, or <see langword="null"/> for the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>Gets whether the host is this machine: <c>localhost</c>, a name below it, or a loopback address.</summary>
    public bool IsLoopback =>
        Host == "localhost"
        || Host.EndsWith(".localhost", StringComparison.Ordinal)
        || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>Reads an address from <c>host</c> or <c>host:port</c>.</summary>
    /// <param name="text">The text, without a scheme or path.</param>
    /// <exception cref="FormatException">The text is not an address; the message says why.</exception>
    public static RegistryAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out RegistryAddress? address) is { } reason ? throw new FormatException(reason) : address!;
    }

    /// <summary>Reads an address from <c>host</c> or <c>host:port</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RegistryAddress? address)
    {
        address = null;
        return text is not null && Read(text, out address) is null && address is not null;
    }

    /// <summary>Returns <c>host</c> or <c>host:port</c>.</summary>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    internal static string? Read(string text, out RegistryAddress? address)
    {
        address = null;
        if (text.Contains("://", StringComparison.Ordinal) || text is "http:" or "https:")
        {
            return $"'{text}' is not a registry: leave the scheme away and write 'host' or 'host:port'.";
        }

        int portColon = text.StartsWith('[') ? text.IndexOf("]:", StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        bool hasPort = portColon > 0;
        string host = (hasPort ? text[..portColon] : text).ToLowerInvariant();
        int? port = null;
        if (hasPort)
        {
            if (!int.TryParse(text.AsSpan(portColon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65535)
            {
                return $"'{text}' is not a registry: its port '{text[(portColon + 1)..]}' is not a number from 1 to 65535.";
            }

            port = number;
        }

        // Checked as it was written: lower-casing turns some other letters into ASCII.
        if (!Ascii.IsValid(text) || (!IsIpv6(host) && !IsHostName(host)))
        {
            return $"'{text}' is not a registry: '{host}' is not a host name. Write 'host' or 'host:port'.";
        }

        address = host is "docker.io" or "index.docker.io" && port is null ? DockerHub : new(host, port);
        return null;
    }

    private static bool IsIpv6(string host) => host is ['[', .., ']'] && IPAddress.TryParse(host, out IPAddress? address)
        && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !host.Contains('%', StringComparison.Ordinal);

    private static bool IsHostName(string host) => host.Length is > 0 and <= 253 && host.Split('.').All(label =>
        label.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(label[0]) && char.IsAsciiLetterOrDigit(label[^1])
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}

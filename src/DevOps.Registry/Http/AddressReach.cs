using System.Net;
using System.Net.Sockets;

namespace DevOps.Registry;

/// <summary>How far an address is reached from, and how far what a registry leads to may lie: never nearer than the registry itself.</summary>
internal enum AddressReach
{
    /// <summary>Reached from anywhere.</summary>
    Public,

    /// <summary>Reached from the own network.</summary>
    Private,

    /// <summary>Reached from this machine or this link alone, or nobody's address.</summary>
    Local,
}

/// <summary>Tells how far addresses are reached from.</summary>
/// <remarks>Source: the IANA registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890). Addresses that carry an IPv4 address inside count as that one.</remarks>
internal static class AddressReaches
{
    private static readonly (IPNetwork Network, AddressReach Reach)[] Special =
    [
        (IPNetwork.Parse("0.0.0.0/8"), AddressReach.Local),
        (IPNetwork.Parse("10.0.0.0/8"), AddressReach.Private),
        (IPNetwork.Parse("100.64.0.0/10"), AddressReach.Private),
        (IPNetwork.Parse("127.0.0.0/8"), AddressReach.Local),
        (IPNetwork.Parse("169.254.0.0/16"), AddressReach.Local),
        (IPNetwork.Parse("172.16.0.0/12"), AddressReach.Private),
        (IPNetwork.Parse("192.0.0.0/24"), AddressReach.Local),
        (IPNetwork.Parse("192.168.0.0/16"), AddressReach.Private),
        (IPNetwork.Parse("198.18.0.0/15"), AddressReach.Private),
        (IPNetwork.Parse("224.0.0.0/4"), AddressReach.Local),
        (IPNetwork.Parse("240.0.0.0/4"), AddressReach.Local),
        (IPNetwork.Parse("::/127"), AddressReach.Local),
        (IPNetwork.Parse("fc00::/7"), AddressReach.Private),
        (IPNetwork.Parse("fe80::/10"), AddressReach.Local),
        (IPNetwork.Parse("fec0::/10"), AddressReach.Private),
        (IPNetwork.Parse("ff00::/8"), AddressReach.Local),
    ];

    // NAT64, 6to4 and the forms of IPv4 within IPv6, with the place of the IPv4 address.
    private static readonly (IPNetwork Network, int Offset)[] Carriers =
    [
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("64:ff9b:1::/48"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
        (IPNetwork.Parse("::/96"), 12),
    ];

    internal static AddressReach Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Of(address.MapToIPv4());
        }

        foreach ((IPNetwork network, AddressReach reach) in Special)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            {
                return reach;
            }
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            byte[] bytes = address.GetAddressBytes();
            foreach ((IPNetwork network, int offset) in Carriers)
            {
                if (network.Contains(address))
                {
                    return Of(new IPAddress(bytes.AsSpan(offset, 4)));
                }
            }
        }

        return AddressReach.Public;
    }

    /// <summary>Tells what the host of an address says by itself; <see langword="null"/> if that takes a name service.</summary>
    internal static AddressReach? OfHost(Uri address)
    {
        string host = address.IdnHost.TrimEnd('.').Trim('[', ']');
        return IPAddress.TryParse(host, out IPAddress? ip) ? Of(ip)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? AddressReach.Local
            : null;
    }
}

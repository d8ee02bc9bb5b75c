using System.Net;
using System.Net.Sockets;

namespace Practice.Webhooks.Delivery;

/// <summary>
/// Which addresses are out on the internet, by the registries of special addresses of the IANA. What is not known to be
/// public is not.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", // this network
            "10.0.0.0/8",
            "100.64.0.0/10", // behind a carrier's NAT; clouds have services there
            "127.0.0.0/8",
            "168.63.129.16/32", // a cloud's host, from inside it
            "169.254.0.0/16", // the link; clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15", // measurements
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast
            "2001::/23", // Teredo, ORCHID and other protocols
            "2001:db8::/32",
            "2002::/16", // 6to4: an IPv4 address inside
            "3fff::/20",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>All that is given out. Outside it lie mapped, translated, local and multicast addresses.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address) =>
        address.IsIPv4MappedToIPv6
            ? IsPublic(address.MapToIPv4())
            : (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
                && !NotPublic.Any(network => network.Contains(address));
}

using System.Net;
using System.Net.Sockets;

namespace Practice.Shared.Http;

/// <summary>Where a call comes from, as limits count it.</summary>
public static class ClientAddress
{
    /// <summary>An IPv6 customer usually has a whole /64, so it counts as one address.</summary>
    public static IPAddress Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}

using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Practice.Host;

/// <summary>
/// Behind a reverse proxy every request seems to come from the proxy, over plain http. The host reads
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> only from the proxies in <c>TrustedProxies</c>, and ignores them
/// from any other address.
/// </summary>
internal static class ForwardedHeadersSetup
{
    private const string Key = "TrustedProxies";

    /// <summary>IP addresses or networks (<c>10.0.0.0/8</c>), separated by commas.</summary>
    public static IReadOnlyList<IPNetwork> ReadProxies(IConfiguration configuration) =>
        [
            .. (configuration[Key] ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text =>
                    IPNetwork.TryParse(text, out var network) ? network
                    : IPAddress.TryParse(text, out var address)
                        ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                    : throw new SettingException(
                        Key,
                        $"contains '{text}', which is neither an IP address nor a network such as 10.0.0.0/8."
                    )
                ),
        ];

    public static void UseForwardedHeadersFrom(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(options);
    }
}

using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Practice.Host;

/// <summary>
/// Behind a reverse proxy every call seems to come from the proxy, over plain http. <c>TrustedProxies</c> names those whose
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; from anybody else these headers are only words.
/// </summary>
internal static class ForwardedCalls
{
    private const string Key = "TrustedProxies";

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>), separated by commas.</summary>
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
                        $"names '{text}', which is neither an address nor a network such as 10.0.0.0/8."
                    )
                ),
        ];

    public static void UseForwardedCalls(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
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

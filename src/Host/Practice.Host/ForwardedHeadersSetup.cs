using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Practice.Host;

/// <summary>
/// Behind a reverse proxy every request seems to come from the proxy, over plain http. The host reads
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> only from the proxies in <c>TrustedProxies</c>, and ignores them
/// from any other address.
/// </summary>
internal static partial class ForwardedHeadersSetup
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

    /// <summary>
    /// A proxy that is not in the setting makes all people one: they share one limit, and their wrong passwords.
    /// </summary>
    private static void WarnOfProxy(WebApplication app)
    {
        var warned = false;
        app.Use(
            (http, next) =>
            {
                if (
                    http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName)
                    && !Interlocked.Exchange(ref warned, true)
                )
                    LogProxy(app.Logger);
                return next(http);
            }
        );
    }

    [LoggerMessage(
        LogLevel.Warning,
        "A request came through a proxy (X-Forwarded-For) and TrustedProxies is empty: everyone counts as one address. "
            + "Set TrustedProxies to the proxy's address."
    )]
    private static partial void LogProxy(ILogger log);

    public static void UseForwardedHeadersFrom(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            WarnOfProxy(app);
            return;
        }

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

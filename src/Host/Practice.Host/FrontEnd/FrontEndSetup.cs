using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Practice.Web;
using Practice.Web.Sessions;

namespace Practice.Host.FrontEnd;

/// <summary>The front end in the API's own process: where it keeps its sessions, and how it reaches the API, as any client would.</summary>
internal static class FrontEndSetup
{
    public static void AddFrontEnd(this IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton<Seal>();
        services.AddSingleton<ISessionVault, SessionVault>();
        services.AddSingleton<KeyRing>();
        services.AddDataProtection().SetApplicationName("Practice");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<KeyRing>(
                (options, ring) => (options.XmlRepository, options.XmlEncryptor) = (ring, new NullXmlEncryptor())
            ); // the ring seals them itself
        services.AddPracticeWeb(
            provider => new Uri(
                ListeningUrls.FirstOf(
                    provider
                        .GetRequiredService<IServer>()
                        .Features.GetRequiredFeature<IServerAddressesFeature>()
                        .Addresses
                )
            ),
            (_, http) => http.DefaultRequestHeaders.Add(FrontEndCalls.Header, FrontEndCalls.Secret),
            https: settings.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
            new SessionLimits(settings.IdleLimit)
        );
    }
}

/// <summary>
/// Calls of the front end to the API of the same process. They all come from this machine's address, and the browser's own request
/// was counted already, so the limit on calls from one address passes over them. They prove what they are by a secret of this process.
/// </summary>
internal static class FrontEndCalls
{
    public const string Header = "Practice-Front-End";

    public static readonly string Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static readonly byte[] Expected = Encoding.ASCII.GetBytes(Secret);

    public static bool Made(HttpRequest request) =>
        request.Headers[Header] is [{ } sent]
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(sent), Expected);
}

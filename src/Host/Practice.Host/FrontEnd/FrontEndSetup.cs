using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Practice.Web;
using Practice.Web.Drafts;
using Practice.Web.Sessions;

namespace Practice.Host.FrontEnd;

/// <summary>
/// The front end in the process of the API: where it stores its sessions, and how it calls the API over HTTP, like any
/// client.
/// </summary>
internal static class FrontEndSetup
{
    public static void AddFrontEnd(
        this IServiceCollection services,
        HostSettings settings,
        IConfiguration configuration
    )
    {
        services.AddSingleton<SessionEncryption>();
        services.AddSingleton<ISessionStore, SessionStore>();
        services.AddSingleton<IDraftStore, DraftStore>();
        services.AddSingleton<DataProtectionKeyStore>();
        services.AddDataProtection().SetApplicationName("Practice");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<DataProtectionKeyStore>(
                (options, store) => (options.XmlRepository, options.XmlEncryptor) = (store, new NullXmlEncryptor())
            ); // the store encrypts the keys itself
        services.AddPracticeWeb(
            provider => new Uri(
                ListeningUrls.FirstOf(
                    provider
                        .GetRequiredService<IServer>()
                        .Features.GetRequiredFeature<IServerAddressesFeature>()
                        .Addresses
                )
            ),
            FrontEndCalls.Mark,
            https: settings.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
            new SessionLimits(settings.IdleLimit),
            new SignInChoices([
                .. configuration
                    .GetSection("SignIn:Providers")
                    .GetChildren()
                    .Select(provider => provider["Name"] ?? ""),
            ])
        );
    }
}

/// <summary>
/// Marks calls of the front end to the API of the same process. They all come from this machine's address, and the
/// browser's own request was counted already, so the rate limit per address does not apply to them. They say where the
/// browser is, for limits on passwords. A secret of the process proves the origin.
/// </summary>
internal static class FrontEndCalls
{
    public const string Header = "Practice-Front-End";

    public static readonly string Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static readonly byte[] Expected = Encoding.ASCII.GetBytes(Secret);

    private const string AddressHeader = "Practice-Browser-Address";

    public static void Mark(IServiceProvider services, HttpClient http)
    {
        http.DefaultRequestHeaders.Add(Header, Secret);
        var browser = services.GetRequiredService<IHttpContextAccessor>().HttpContext?.Connection.RemoteIpAddress;
        if (browser is not null)
            http.DefaultRequestHeaders.Add(AddressHeader, browser.ToString());
    }

    /// <summary>A call of the front end comes from where the browser is.</summary>
    public static Task TakeAddressAsync(HttpContext http, RequestDelegate next)
    {
        if (Made(http.Request) && IPAddress.TryParse(http.Request.Headers[AddressHeader], out var browser))
            http.Connection.RemoteIpAddress = browser;
        return next(http);
    }

    public static bool Made(HttpRequest request) =>
        request.Headers[Header] is [{ } sent]
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(sent), Expected);
}

using System.Globalization;
using Practice.Shared.Http;

namespace Practice.Host;

/// <summary>
/// What programs look for at fixed addresses of any site (RFC 8615): where a password is changed, whom to tell about a
/// vulnerability (RFC 9116), and that nothing here is for search engines.
/// </summary>
internal static class WellKnown
{
    /// <summary>RFC 9116 recommends less than a year, so that nobody writes to who has long left.</summary>
    private static readonly TimeSpan ContactHolds = TimeSpan.FromDays(180);

    /// <param name="app">The host.</param>
    /// <param name="securityContact">Null where the operator has named none: then there is no security.txt.</param>
    public static void MapWellKnown(this WebApplication app, string? securityContact)
    {
        string[] read = [HttpMethods.Get];
        app.MapMethods("/.well-known/change-password", read, () => Results.LocalRedirect("/change-password"))
            .ExcludeFromDescription();
        app.MapMethods("/robots.txt", read, () => Results.Text("User-agent: *\nDisallow: /\n"))
            .ExcludeFromDescription();
        if (securityContact is not null)
            app.MapMethods(
                    "/.well-known/security.txt",
                    read,
                    (TimeProvider clock, Microsoft.Extensions.Options.IOptions<PublicUrlOptions> url) =>
                        Results.Text(SecurityText(securityContact, clock.GetUtcNow(), url.Value))
                )
                .ExcludeFromDescription();
    }

    private static string SecurityText(string contact, DateTimeOffset now, PublicUrlOptions url) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Contact: {contact}
            Expires: {now.UtcDateTime.Date + ContactHolds:yyyy-MM-ddTHH:mm:ssZ}
            Preferred-Languages: en
            Canonical: {url.UrlOf("/.well-known/security.txt")}

            """
        );
}

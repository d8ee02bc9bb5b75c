using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Practice.Web;

namespace Practice.Authorization.Tests;

internal static partial class Routes
{
    /// <summary>Routes that answer everyone and hold no one's data. No route of <c>/api</c> may be here.</summary>
    public static readonly string[] Open =
    [
        "* /health/live",
        "* /health/ready",
        "GET /.well-known/oauth-authorization-server",
        "GET /.well-known/oauth-authorization-server/{**issuer}",
        "GET /docs/{documentName?}",
        "GET /fhir/groups/{groupId}/.well-known/smart-configuration", // the same for every group, known or not
        "GET /fhir/groups/{groupId}/metadata",
        "GET /docs/favicon.svg",
        "GET /docs/scalar.js",
        "GET /docs/scalar.aspnetcore.js",
        "GET /.well-known/change-password",
        "GET /openapi/v1.json",
        "GET /robots.txt",
    ];

    /// <summary>The pages of the front end that a browser without a session may open.</summary>
    public static readonly string[] OpenPages =
    [
        "/",
        "/confirm-email",
        "/confirm-email/sent",
        "/forgot-password",
        "/keep-two-factor",
        "/not-found",
        "/portal/claim", // says what to do about a session, and keeps the token on the way
        "/reset-password",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/provider/{Name}",
        "/sign-in/provider/{Name}/code",
        "/sign-in/provider/{Name}/link",
        "/sign-up",
        "/unsubscribe",
        "/unsubscribe/one-click",
    ];

    /// <summary>Every route of the running host that is no page, as method and path, without the constraints.</summary>
    public static async Task<List<string>> OfTheHost() =>
        [
            .. (await Endpoints())
                .Where(route => PracticeWeb.IsApi(Path(route)))
                .SelectMany(route =>
                    (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method =>
                        $"{method} {Path(route)}"
                    )
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Every page of the front end, as a path; what is a file or belongs to the framework is none.</summary>
    public static async Task<List<string>> Pages() =>
        [
            .. (await Endpoints())
                .Where(route => route.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
                .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
                .Select(Path)
                .Where(path => !PracticeWeb.IsApi(path) && !path.StartsWith("/_", StringComparison.Ordinal))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// Whether a row is tried by a caller: one with the ids of another group needs a path that has some.
    /// </summary>
    public static bool Tried<TCaller>(Row<TCaller> row, TCaller caller)
        where TCaller : Caller =>
        caller is not StaffCaller { Standing: Standing.OutsideByOwnPath }
        || (
            !row.Own
            && row.Route.Replace("{groupId}", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal)
        );

    private static async Task<IEnumerable<RouteEndpoint>> Endpoints() =>
        (await TestApp.StartedAsync())
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Distinct();

    private static string Path(RouteEndpoint route) =>
        $"/{Constraint().Replace(route.RoutePattern.RawText!.TrimStart('/'), "}")}";

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();
}

using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Practice.Authorization;

/// <summary>How a slice says who may call it. The database enforces it (<c>authority.authorize</c>).</summary>
public static class RouteAuthorization
{
    /// <summary>The part of a route that holds the secret of a calendar feed.</summary>
    internal const string CalendarFeedToken = "token";

    private sealed class OpenToAnyone;

    private sealed class RecentVerification;

    private sealed class PersonOnly;

    private sealed class WithoutRequiredProvider;

    /// <summary>
    /// An active member of the route's group whose effective access has all of <paramref name="access"/>.
    /// </summary>
    public static RouteHandlerBuilder RequireAccess(
        this RouteHandlerBuilder route,
        Access access,
        bool changes = true
    ) => route.With(new AccessRequirement(access, InGroup: true, Changes: changes, TemporaryPassword: false));

    /// <summary>Any active member of the route's group, at any access level; a call that only reads.</summary>
    public static RouteHandlerBuilder RequireMember(this RouteHandlerBuilder route) =>
        route.RequireAccess(Access.None, changes: false);

    /// <summary>An owner of the route's group.</summary>
    public static RouteHandlerBuilder RequireOwner(this RouteHandlerBuilder route, bool changes = true) =>
        route.RequireAccess(Access.Owner, changes);

    /// <summary>Anyone with a session.</summary>
    public static RouteHandlerBuilder RequireSession(this RouteHandlerBuilder route, bool temporaryPassword = false) =>
        route.With(new AccessRequirement(Access.None, InGroup: false, Changes: false, temporaryPassword));

    /// <summary>Anyone with a session, for a portal call that names no account.</summary>
    public static RouteHandlerBuilder RequirePortal(this RouteHandlerBuilder route) =>
        route.With(InPortal(new PortalRequirement(InAccount: false, Edit: false, Clinical: false, Holder: false)));

    /// <summary>A person who may open the portal account that the route names, at this moment.</summary>
    public static RouteHandlerBuilder RequireAccount(
        this RouteHandlerBuilder route,
        bool edit = false,
        bool clinical = false,
        bool holder = false
    ) => route.With(InPortal(new PortalRequirement(InAccount: true, edit, clinical, holder)));

    /// <summary>
    /// A program that brings the secret of a member's calendar feed, as <c>{token}</c> in the route: to read what that
    /// member may see of the route's group.
    /// </summary>
    public static RouteHandlerBuilder RequireCalendarFeed(this RouteHandlerBuilder route) =>
        route
            .WithMetadata(
                new AccessRequirement(Access.None, InGroup: true, Changes: false, TemporaryPassword: false)
                {
                    CalendarFeed = true,
                }
            )
            .AddEndpointFilterFactory(AuthorizationFilter.Create)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);

    /// <summary>
    /// Besides, a person who proved who they are within the last 5 minutes. A slice that requires it in some cases only
    /// asks <see cref="Caller.RecentlyVerified"/>.
    /// </summary>
    public static RouteHandlerBuilder RequireVerified(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RecentVerification());

    /// <summary>
    /// Besides, a person: no API client of the group. What requires an owner or a verified person does so already.
    /// </summary>
    public static RouteHandlerBuilder RequirePerson(this RouteHandlerBuilder route) =>
        route.WithMetadata(new PersonOnly());

    /// <summary>
    /// A member whose session did not begin with the provider that the group requires may call it, too. The slice asks
    /// <see cref="Caller.SignedInWithoutRequiredProvider"/>.
    /// </summary>
    public static RouteHandlerBuilder AllowWithoutRequiredProvider(this RouteHandlerBuilder route) =>
        route.WithMetadata(new WithoutRequiredProvider());

    /// <summary>Anyone, signed in or not: signing up, signing in, following a mailed link.</summary>
    public static RouteHandlerBuilder AllowAnyone(this RouteHandlerBuilder route) =>
        route.WithMetadata(new OpenToAnyone());

    /// <summary>
    /// Stops the start where a slice's route, or any route of the API, does not say who may call it, or requires access
    /// to a group or account that it does not name.
    /// </summary>
    /// <param name="endpoints">Every endpoint of the host.</param>
    /// <param name="modules">The assemblies whose routes are slices.</param>
    /// <exception cref="InvalidOperationException">There is such a route.</exception>
    public static void DemandRequirements(this IEnumerable<Endpoint> endpoints, IReadOnlyCollection<Assembly> modules)
    {
        var faults = endpoints
            .OfType<RouteEndpoint>()
            .Where(route => IsSlice(route, modules))
            .Select(route => (route.DisplayName, Fault: FaultOf(route)))
            .Where(route => route.Fault is not null)
            .Select(route => $"{route.DisplayName} {route.Fault}")
            .ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException($"Routes without authorization: {string.Join("; ", faults)}.");
    }

    /// <summary>What the route requires; null where it is open to anyone, or is no slice.</summary>
    public static AccessRequirement? RequirementOf(EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<AccessRequirement>() is { } requirement
            ? requirement with
            {
                Verified = metadata.GetMetadata<RecentVerification>() is not null,
                Person = metadata.GetMetadata<PersonOnly>() is not null,
                WithoutRequiredProvider = metadata.GetMetadata<WithoutRequiredProvider>() is not null,
            }
            : null;

    private static string? FaultOf(RouteEndpoint route) =>
        RequirementOf(route.Metadata) switch
        {
            null when route.Metadata.GetMetadata<OpenToAnyone>() is null =>
                "has no requirement (RequireMember and the like, or AllowAnyone)",
            null when route.Metadata.GetMetadata<RecentVerification>() is not null =>
                "requires a verified session and is open to anyone",
            { InGroup: true } when route.RoutePattern.GetParameter("groupId") is null =>
                "requires access to a group and has no {groupId}",
            { CalendarFeed: true } when route.RoutePattern.GetParameter(CalendarFeedToken) is null =>
                "requires the secret of a calendar feed and has no {token}",
            { Portal.InAccount: true } when route.RoutePattern.GetParameter("accountId") is null =>
                "requires access to an account and has no {accountId}",
            _ => null,
        };

    private static bool IsSlice(RouteEndpoint route, IReadOnlyCollection<Assembly> modules) =>
        route.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.OrdinalIgnoreCase) == true
        || (
            (route.Metadata.GetMetadata<MethodInfo>() ?? route.RequestDelegate?.Method)?.DeclaringType?.Assembly
                is { } assembly
            && modules.Contains(assembly)
        );

    private static AccessRequirement InPortal(PortalRequirement portal) =>
        new(Access.None, InGroup: false, Changes: portal.Edit, TemporaryPassword: false, portal);

    private static RouteHandlerBuilder With(this RouteHandlerBuilder route, AccessRequirement requirement) =>
        route
            .WithMetadata(requirement)
            .AddEndpointFilterFactory(AuthorizationFilter.Create)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
}

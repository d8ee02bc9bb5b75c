using Practice.Shared.Authority;

namespace Practice.Shared.Http;

/// <summary>How a slice says who may call it. The database enforces it as the caller enters (<c>authority.enter</c>).</summary>
public static class RouteAccess
{
    /// <summary>An active member of the route's group whose effective access has all of <paramref name="access"/>.</summary>
    public static RouteHandlerBuilder RequireAccess(
        this RouteHandlerBuilder route,
        Access access,
        bool changes = true
    ) => route.With(new AccessRequirement(access, InGroup: true, Changes: changes, TemporaryPassword: false));

    /// <summary>Any active member of the route's group, whatever the access level; a call that only looks.</summary>
    public static RouteHandlerBuilder RequireMember(this RouteHandlerBuilder route) =>
        route.RequireAccess(Access.None, changes: false);

    /// <summary>An owner of the route's group.</summary>
    public static RouteHandlerBuilder RequireOwner(this RouteHandlerBuilder route) => route.RequireAccess(Access.Owner);

    /// <summary>Anybody with a session.</summary>
    public static RouteHandlerBuilder RequireSession(this RouteHandlerBuilder route, bool temporaryPassword = false) =>
        route.With(new AccessRequirement(Access.None, InGroup: false, Changes: false, temporaryPassword));

    /// <summary>A person in the patient portal, with or without an account of their own.</summary>
    public static RouteHandlerBuilder RequirePortal(this RouteHandlerBuilder route) =>
        route.With(
            new AccessRequirement(
                Access.None,
                InGroup: false,
                Changes: false,
                TemporaryPassword: false,
                new PortalNeeds(Edit: false, Clinical: false, Holder: false)
            )
        );

    /// <summary>Somebody who may open the portal account that the route names, as it stands at this moment.</summary>
    public static RouteHandlerBuilder RequireAccount(
        this RouteHandlerBuilder route,
        bool edit = false,
        bool clinical = false,
        bool holder = false
    ) =>
        route.With(
            new AccessRequirement(
                Access.None,
                InGroup: false,
                Changes: edit,
                TemporaryPassword: false,
                new PortalNeeds(edit, clinical, holder)
            )
        );

    private static RouteHandlerBuilder With(this RouteHandlerBuilder route, AccessRequirement requirement) =>
        route
            .WithMetadata(requirement)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
}

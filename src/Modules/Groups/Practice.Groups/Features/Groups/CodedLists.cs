using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

internal sealed record CodedName(string Code, string Name);

internal sealed record AccessLevelView(
    AccessLevel Code,
    string Name,
    RoleType RoleType,
    IReadOnlyDictionary<string, bool> Settings
);

/// <summary>The coded lists for the add-user form: professions, and access levels with their settings.</summary>
internal sealed class CodedListsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/professions", GetProfessions)
            .RequireSession()
            .WithName("ListProfessions")
            .WithTags("Coded lists")
            .Produces<Page<CodedName>>();
        app.MapGet("/api/access-levels", GetAccessLevels)
            .RequireSession()
            .WithName("ListAccessLevels")
            .WithTags("Coded lists")
            .Produces<Page<AccessLevelView>>();
    }

    private static IResult GetProfessions() =>
        Results.Ok(
            new Page<CodedName>(
                [.. Professions.All.Select(profession => new CodedName(profession.Code, profession.Name))],
                null
            )
        );

    private static IResult GetAccessLevels() =>
        Results.Ok(
            new Page<AccessLevelView>(
                [
                    .. AccessLevels.All.Select(level => new AccessLevelView(
                        level.Level,
                        NameOf(level.Level, level.RoleType),
                        level.RoleType,
                        AccessLevels.Describe(level.Preset)
                    )),
                ],
                null
            )
        );

    private static string NameOf(AccessLevel level, RoleType roleType) =>
        (level, roleType) switch
        {
            (AccessLevel.Personal, _) => "Personal: own records only",
            (AccessLevel.Contact, _) => "Contact: others' patients, calendars and invoices too",
            (AccessLevel.Clinical, _) => "Clinical: others' clinical records too",
            (AccessLevel.Full, RoleType.Practitioner) => "Full: everything",
            (AccessLevel.Reception, _) => "Reception: patients and calendars",
            (AccessLevel.Billing, _) => "Billing: invoices and reports too",
            (AccessLevel.Manager, _) => "Manager: users, locations and export too",
            (AccessLevel.Full, RoleType.Administrator) => "Full: everything, clinical records included",
            _ => throw new InvalidOperationException($"No name for the level {level} of the role type {roleType}."),
        };
}

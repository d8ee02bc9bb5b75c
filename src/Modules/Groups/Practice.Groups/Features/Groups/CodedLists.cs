using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

/// <param name="RoleType">Who usually has it; null for everybody.</param>
internal sealed record CodedName(string Code, string Name, RoleType? RoleType);

/// <summary>The coded lists for the add-user form: professions, and access levels with their settings.</summary>
internal sealed class CodedListsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/professions", GetProfessions)
            .RequireSession()
            .WithName("ListProfessions")
            .WithSummary("The professions, by code and name.")
            .WithTags("Coded lists")
            .Produces<Page<CodedName>>();
        app.MapGet("/api/access-levels", GetAccessLevels)
            .RequireSession()
            .WithName("ListAccessLevels")
            .WithSummary("The preset access levels, with the role type and the settings of each.")
            .WithTags("Coded lists")
            .Produces<Page<AccessLevelView>>();
    }

    private static IResult GetProfessions() =>
        Results.Ok(
            new Page<CodedName>(
                [
                    .. Professions.All.Select(profession => new CodedName(
                        profession.Code,
                        profession.Name,
                        Professions.UsualRoleType(profession.Code)
                    )),
                ],
                null
            )
        );

    private static IResult GetAccessLevels() => Results.Ok(new Page<AccessLevelView>(AccessLevelView.Presets, null));
}

using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

/// <param name="Code">What the audit is filtered by.</param>
/// <param name="Name">As in its sentence, without who did it.</param>
internal sealed record AuditActName(string Code, string Name);

/// <summary>The acts that the audit of a group may hold, by area, for a filter.</summary>
internal sealed class ListAuditActsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/audit-acts", Get)
            .RequireSession()
            .WithName("ListAuditActs")
            .WithTags("Coded lists")
            .Produces<Page<AuditActName>>();

    private static IResult Get() =>
        Results.Ok(
            new Page<AuditActName>(
                [.. AuditSentences.Acts.Select(act => new AuditActName(act.Act, AuditSentences.Choice(act.Act)))],
                null
            )
        );
}

using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Groups;

/// <summary>
/// Remembers the group that a person works in now. It gives no access: every request names its group and is checked.
/// </summary>
public sealed record SwitchGroup(Body<GroupChoice> Body) : Message, ICommand<Success>;

public sealed record GroupChoice(Guid? GroupId);

internal sealed class GroupChoiceValidator : AbstractValidator<GroupChoice>
{
    public GroupChoiceValidator() => RuleFor(choice => choice.GroupId).Required();
}

internal sealed class SwitchGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/users/me/current-group", Put)
            .RequireSession()
            .WithName(nameof(SwitchGroup))
            .WithTags("Groups")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Put(Body<GroupChoice> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new SwitchGroup(body), ct)).ToHttp(() => Results.NoContent());
}

public static class SwitchGroupHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SwitchGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var (person, groupId) = (work.Caller.Person, read.Value.GroupId!.Value);
        if (
            !await db.Memberships.AnyAsync(
                m => m.UserId == person && m.GroupId == groupId && m.Status == MemberStatus.Active,
                ct
            )
        )
            return CommonErrors.NotFound;

        await db.Database.ExecuteSqlAsync(
            $"""
            insert into groups.current_groups (user_id, group_id) values ({person}, {groupId})
            on conflict (user_id) do update set group_id = excluded.group_id
            """,
            ct
        );
        return Result.Success;
    }
}

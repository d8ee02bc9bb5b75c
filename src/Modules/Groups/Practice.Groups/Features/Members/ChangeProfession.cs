using FluentValidation;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Changes a member's profession and registration number. The role type stays: the access levels depend on it.
/// </summary>
public sealed record ChangeProfession(Guid GroupId, Guid UserId, IfMatch IfMatch, Body<MemberDetails> Body)
    : Message,
        ICommand<Success>;

public sealed record MemberDetails(string? Profession, string? RegistrationNumber);

internal sealed class MemberDetailsValidator : AbstractValidator<MemberDetails>
{
    public MemberDetailsValidator()
    {
        RuleFor(details => details.Profession).Profession();
        RuleFor(details => details.RegistrationNumber).RegistrationNumber();
    }
}

internal sealed class ChangeProfessionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/members/{userId:guid}", Put)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ChangeProfession))
            .WithTags("Members")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid userId,
        IfMatch ifMatch,
        Body<MemberDetails> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ChangeProfession(groupId, userId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class ChangeProfessionHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeProfession command,
        GroupsDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        var locked = await db.GetMemberForUpdateAsync(
            command.GroupId,
            command.UserId,
            work.Caller,
            Access.ManageUsers,
            ct
        );
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var member = locked.Value.Member;
        if (ETags.Check(command.IfMatch, member.Version) is { } stale)
            return stale;

        var number = read.Value.RegistrationNumber.NullIfBlank();
        if (number is not null && member.RoleType == RoleType.Administrator)
            return GroupErrors.RegistrationNotAllowed;
        member.ChangeProfession(read.Value.Profession!, number);
        if (!work.HasChanged(member))
            return Result.Success;
        work.Audit(
            GroupAudit.ProfessionChanged,
            member.UserId,
            member.GroupId,
            new { member.Profession, Changes = work.ChangesOf(member) }
        );
        return Result.Success;
    }
}

using FluentValidation;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Makes a practitioner an administrator or the reverse, with a profession and an access level of the new role type.
/// For owners only: it decides whether the member sees patients.
/// </summary>
public sealed record ConvertMember(Guid GroupId, Guid UserId, Body<Conversion> Body) : Message, ICommand<Success>;

/// <param name="Settings">Settings switched against the level; absent: the level alone.</param>
public sealed record Conversion(
    RoleType? RoleType,
    string? Profession,
    string? RegistrationNumber,
    AccessLevelId? AccessLevel,
    IReadOnlyDictionary<string, bool>? Settings
);

internal sealed class ConversionValidator : AbstractValidator<Conversion>
{
    public ConversionValidator()
    {
        RuleFor(conversion => conversion.RoleType).Required();
        RuleFor(conversion => conversion.Profession).Profession();
        RuleFor(conversion => conversion.RegistrationNumber).RegistrationNumberOf(conversion => conversion.RoleType);
        RuleFor(conversion => conversion.AccessLevel).LevelFor(conversion => conversion.RoleType);
        RuleFor(conversion => conversion.Settings).AccessSettings();
    }
}

internal sealed class ConvertMemberEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/convert", Post)
            .RequireOwner()
            .WithName(nameof(ConvertMember))
            .WithTags("Members")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid userId,
        Body<Conversion> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ConvertMember(groupId, userId, body), ct)).ToHttp(() => Results.NoContent());
}

public static class ConvertMemberHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ConvertMember command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var confirmed = await db.FindConfirmedAsync(bus, command.GroupId, [command.UserId], ct);
        var locked = await db.GetMemberForUpdateAsync(command.GroupId, command.UserId, work.Caller, Access.Owner, ct);
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var ((group, actor, member), input) = (locked.Value, read.Value);
        var roleType = input.RoleType!.Value;
        if (roleType == member.RoleType)
            return GroupErrors.RoleTypeUnchanged;
        var levels = await db.FindLevelsAsync(group.Id, [input.AccessLevel!.Value], ct);
        var level = levels.Find(input.AccessLevel.Value, roleType);
        if (level.IsError)
            return level.Errors;
        var chosen = actor.ChooseAccess(member, level.Value, input.Settings, owner: null);
        if (chosen.IsError)
            return chosen.Errors;
        if (member.OthersMayKnowPassword(actor, confirmed))
            return GroupErrors.AccountNotConfirmed(); // another role type sees other patients, whatever the level
        if (member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        var before = member.RoleType;
        member.Convert(roleType, input.Profession!, input.RegistrationNumber.NullIfBlank(), chosen.Value.Choice);
        await db.WithdrawInvalidInvitationsAsync(work, member, clock.GetUtcNow(), messages, ct);
        work.Audit(
            GroupAudit.RoleTypeChanged,
            member.UserId,
            group.Id,
            new
            {
                from = before,
                to = roleType,
                level = member.LevelId,
            }
        );
        if (member.IsActive)
            await messages.PublishAsync(new MemberAccessChanged(group.Id, group.Name, member.UserId, actor.UserId));
        return Result.Success;
    }
}

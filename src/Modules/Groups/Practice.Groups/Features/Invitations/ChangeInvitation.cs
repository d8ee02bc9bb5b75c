using FluentValidation;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Invitations;

/// <summary>Changes what an open invitation offers. The caller is its inviter from then on.</summary>
public sealed record ChangeInvitation(Guid GroupId, Guid InvitationId, IfMatch IfMatch, Body<InvitationInput> Body)
    : Message,
        ICommand<Success>;

/// <param name="Settings">Settings switched against the level; absent: the level alone.</param>
public sealed record InvitationInput(
    RoleType? RoleType,
    string? Profession,
    string? RegistrationNumber,
    AccessLevelId? AccessLevel,
    IReadOnlyDictionary<string, bool>? Settings,
    IReadOnlyList<Guid>? LocationIds
);

internal sealed class InvitationInputValidator : AbstractValidator<InvitationInput>
{
    public InvitationInputValidator()
    {
        RuleFor(invitation => invitation.RoleType).Required();
        RuleFor(invitation => invitation.Profession).Profession();
        RuleFor(invitation => invitation.RegistrationNumber).RegistrationNumberOf(invitation => invitation.RoleType);
        RuleFor(invitation => invitation.AccessLevel).LevelFor(invitation => invitation.RoleType);
        RuleFor(invitation => invitation.Settings).AccessSettings();
        RuleFor(invitation => invitation.LocationIds).Locations();
    }
}

internal sealed class ChangeInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/invitations/{invitationId:guid}", Put)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ChangeInvitation))
            .WithTags("Invitations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid invitationId,
        IfMatch ifMatch,
        Body<InvitationInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ChangeInvitation(groupId, invitationId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class ChangeInvitationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeInvitation command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // Asked before the lock, about all locations of the body: which are new to it is known only under the lock.
        var read = command.Body.Read();
        var locations = read.IsError
            ? KnownLocations.None
            : await bus.FindLocationsAsync(command.GroupId, read.Value.LocationIds!, ct);

        var locked = await db.GetInvitationForUpdateAsync(command.GroupId, command.InvitationId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;
        if (read.IsError)
            return read.Errors;
        var ((group, actor, invitation), input) = (locked.Value, read.Value);
        if (ETags.Check(command.IfMatch, invitation.Version) is { } stale)
            return stale;
        if (invitation.StatusAt(clock.GetUtcNow()) == InvitationStatus.Expired)
            return GroupErrors.CannotChangeExpiredInvitation;

        var (roleType, wanted) = (input.RoleType!.Value, input.LocationIds!);
        var levels = await db.FindLevelsAsync(group.Id, [input.AccessLevel!.Value], ct);
        var level = levels.Find(input.AccessLevel.Value, roleType, held: invitation.LevelId);
        if (level.IsError)
            return level.Errors;
        var choice = AccessChoice.Of(level.Value, input.Settings);
        if (locations.WhyNotAssignable([.. wanted.Except(invitation.LocationIds)]) is { } notAssignable)
            return notAssignable;
        if (!actor.MayGrant(choice.Effective(roleType), wanted))
            return GroupErrors.BeyondOwnAccess;

        invitation.Change(roleType, input.Profession!, input.RegistrationNumber.NullIfBlank(), choice, wanted);
        var changes = work.ChangesOf(invitation);
        invitation.SetInviter(actor);
        if (!work.HasChanged(invitation))
            return Result.Success;
        work.Audit(
            GroupAudit.InvitationChanged,
            invitation.UserId,
            group.Id,
            new
            {
                invitation.Id,
                roleType,
                level = level.Value.Id,
                on = choice.SwitchedOn,
                off = choice.SwitchedOff,
                Changes = changes,
            }
        );
        return Result.Success;
    }
}

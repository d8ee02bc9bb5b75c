using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>
/// The last step of <see cref="AddUserWorkflow"/> for a new person: their account exists, so the membership begins and
/// the reservation goes.
/// </summary>
public sealed record ActivateReservation(Guid GroupId, Guid UserId, int Attempt, NewMember Member)
    : Message,
        ICommand<Success>;

public static class ActivateReservationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ActivateReservation command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var ((group, actor), input) = (locked.Value, command.Member);
        if (!actor.MayGrant(input.EffectiveAccess, input.LocationIds!))
            return GroupErrors.BeyondOwnAccess;

        // Two calls for one person share the reservation. The one that began last sets the password, so it alone may
        // succeed.
        var reservation = await db.Reservations.SingleOrDefaultAsync(
            r => r.GroupId == group.Id && r.UserId == command.UserId,
            ct
        );
        if (reservation is null)
            return GroupErrors.AlreadyMember;
        if (reservation.Attempts != command.Attempt)
            return GroupErrors.BeingAdded;

        var member = Membership.Join(
            group.Id,
            input.ProfileOf(command.UserId),
            input.Choice,
            input.LocationIds!,
            clock.GetUtcNow()
        );
        db.Memberships.Add(member);
        db.Reservations.Remove(reservation);
        work.Audit(GroupAudit.MemberAdded, member.UserId, group.Id, new { member.RoleType, member.Level });
        await messages.PublishAsync(new MemberJoined(group.Id, group.Name, member.UserId, AccountIsNew: true));
        return Result.Success;
    }
}

/// <summary>Gives up on a new person for whom no account could be made.</summary>
public sealed record ReleaseReservation(Guid GroupId, Guid UserId) : Message, ICommand<Success>;

public static class ReleaseReservationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ReleaseReservation command,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        await db.LockGroupAsync(command.GroupId, ct); // another call may be about to continue with this reservation
        await db
            .Reservations.Where(r => r.GroupId == command.GroupId && r.UserId == command.UserId)
            .ExecuteDeleteAsync(ct);
        return Result.Success;
    }
}

using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>The last step of adding a new person: their account exists, now the membership begins and the reservation goes.</summary>
public sealed record ActivateReservation(Guid GroupId, Guid UserId, NewMember Member) : Message, ICommand<Success>;

public static class ActivateReservationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ActivateReservation command, GroupsDbContext db, UnitOfWork work, TimeProvider clock, IMessageContext messages, CancellationToken ct)
    {
        var group = await db.LockGroupAsync(command.GroupId, ct);
        if (await db.FindMemberAsync(group.Id, work.Caller.Person, ct) is not { IsActive: true } actor)
            return Refusals.NotFound;
        if (!actor.MayGrant(command.Member.Choice.Effective(command.Member.RoleType!.Value), command.Member.LocationIds!))
            return GroupRefusals.BeyondOwnAccess;

        // Two calls for one person at once share the reservation: the first to get here makes the membership.
        var reservation = await db.Reservations.SingleOrDefaultAsync(r => r.GroupId == group.Id && r.UserId == command.UserId, ct);
        if (reservation is null)
            return GroupRefusals.AlreadyMember;

        var member = Membership.Join(
            group.Id, command.Member.ProfileOf(command.UserId), command.Member.Choice, command.Member.LocationIds!, clock.GetUtcNow());
        db.Memberships.Add(member);
        db.Reservations.Remove(reservation);
        work.Audit("groups.member_added", member.UserId, group.Id, new { member.RoleType, member.Level });
        await messages.PublishAsync(new MemberJoined(group.Id, group.Name, member.UserId, AccountIsNew: true));
        return Result.Success;
    }
}

/// <summary>Gives up adding a new person, where no account could be made for them.</summary>
public sealed record ReleaseReservation(Guid GroupId, string Email) : Message, ICommand<Success>;

public static class ReleaseReservationHandler
{
    public static async Task<ErrorOr<Success>> Handle(ReleaseReservation command, GroupsDbContext db, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(command.Email);
        await db.Reservations.Where(r => r.GroupId == command.GroupId && r.NormalizedEmail == email).ExecuteDeleteAsync(ct);
        return Result.Success;
    }
}

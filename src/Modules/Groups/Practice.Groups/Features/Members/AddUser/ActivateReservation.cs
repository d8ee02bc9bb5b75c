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
public sealed record ActivateReservation(Guid GroupId, ReservedPerson Person) : Message, ICommand<Success>;

/// <summary>As <see cref="ActivateReservation"/>, for many people in one transaction.</summary>
public sealed record ActivateReservations(Guid GroupId, IReadOnlyList<ReservedPerson> People)
    : Message,
        ICommand<ActivatedPeople>;

/// <param name="UserId">The account that was reserved.</param>
public sealed record ReservedPerson(Guid UserId, int Attempt, NewMember Member);

/// <param name="Errors">Of each person, in the order of the command; null for who is a member now.</param>
public sealed record ActivatedPeople(IReadOnlyList<PersonError?> Errors);

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
        var activated = await new Activation(db, work, clock.GetUtcNow()).RunAsync(
            command.GroupId,
            [command.Person],
            ct
        );
        if (activated.IsError)
            return activated.Errors;
        var (group, results) = activated.Value;
        if (results.Single() is var result && result.IsError)
            return result.Errors;

        await messages.PublishAsync(new MemberJoined(group.Id, group.Name, command.Person.UserId, AccountIsNew: true));
        return Result.Success;
    }
}

public static class ActivateReservationsHandler
{
    public static async Task<ErrorOr<ActivatedPeople>> Handle(
        ActivateReservations command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var activated = await new Activation(db, work, clock.GetUtcNow()).RunAsync(command.GroupId, command.People, ct);
        if (activated.IsError)
            return activated.Errors;

        var (group, results) = activated.Value;
        var joined = command.People.Zip(results).Where(done => !done.Second.IsError).Select(done => done.First.UserId);
        if (joined.ToList() is { Count: > 0 } userIds)
            await messages.PublishAsync(new NewMembersJoined(group.Id, group.Name, userIds));
        return new ActivatedPeople(results.ConvertAll(PersonError.Of));
    }
}

internal sealed class Activation(GroupsDbContext db, UnitOfWork work, DateTimeOffset now)
{
    public async Task<ErrorOr<(Group Group, List<ErrorOr<Success>> Results)>> RunAsync(
        Guid groupId,
        IReadOnlyList<ReservedPerson> people,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(groupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        var userIds = people.Select(person => person.UserId).ToList();
        var reservations = await db
            .Reservations.Where(r => r.GroupId == group.Id && userIds.Contains(r.UserId))
            .ToDictionaryAsync(r => r.UserId, ct);
        var levels = await db.FindLevelsAsync(group.Id, people.Select(person => person.Member.AccessLevel!.Value), ct);
        return (group, people.Select(person => Activate(person, reservations, levels, group, actor)).ToList());
    }

    private ErrorOr<Success> Activate(
        ReservedPerson person,
        Dictionary<Guid, Reservation> reservations,
        KnownLevels levels,
        Group group,
        Membership actor
    )
    {
        var input = person.Member;
        // As the level is now: it may have changed while the account was made.
        var choice = input.ChoiceOf(levels);
        if (choice.IsError)
            return choice.Errors;
        if (!actor.MayGrant(choice.Value.Effective(input.RoleType!.Value), input.LocationIds!))
            return GroupErrors.BeyondOwnAccess;

        // Two calls for one person share the reservation. The one that began last sets the password, so it alone may
        // succeed.
        if (!reservations.TryGetValue(person.UserId, out var reservation))
            return GroupErrors.AlreadyMember;
        if (reservation.Attempts != person.Attempt)
            return GroupErrors.BeingAdded;

        var member = Membership.Join(group.Id, input.ProfileOf(person.UserId), choice.Value, input.LocationIds!, now);
        if (input.HasPassword)
            member.NotePasswordSetBy(actor.UserId);
        db.Memberships.Add(member);
        db.Reservations.Remove(reservation);
        work.Audit(GroupAudit.MemberAdded, member.UserId, group.Id, new { member.RoleType, level = member.LevelId });
        return Result.Success;
    }
}

/// <summary>Gives up on new people for whom no account could be made.</summary>
public sealed record ReleaseReservations(Guid GroupId, IReadOnlyList<Guid> UserIds) : Message, ICommand<Success>;

public static class ReleaseReservationsHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ReleaseReservations command,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        await db.LockGroupAsync(command.GroupId, ct); // another call may be about to continue with these reservations
        await db
            .Reservations.Where(r => r.GroupId == command.GroupId && command.UserIds.Contains(r.UserId))
            .ExecuteDeleteAsync(ct);
        return Result.Success;
    }
}

using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>
/// The first step of <see cref="AddUserWorkflow"/>: invites existing people, and reserves accounts for new ones. It
/// takes as many statements for many people as for one.
/// </summary>
internal sealed class InviteOrReserve(
    GroupsDbContext db,
    UnitOfWork work,
    IModuleBus bus,
    InvitationOptions options,
    PeopleLimit limit,
    DateTimeOffset now,
    IMessageContext messages
)
{
    private readonly HashSet<Guid> _invited = [];
    private Dictionary<Guid, Membership> _members = [];
    private KnownLevels _levels = KnownLevels.None;
    private HashSet<Guid>? _peopleAdded;

    /// <param name="passwordRequired">
    /// Whether a new person needs a password; else they set their own by a mailed link.
    /// </param>
    /// <returns>
    /// What came of each person, in their order, up to the first who exceeds the day's limit.
    /// </returns>
    public async Task<ErrorOr<List<ErrorOr<AddUserResult>>>> RunAsync(
        Guid groupId,
        IReadOnlyList<NewMember> people,
        bool passwordRequired,
        CancellationToken ct
    )
    {
        // Asked before the lock, so the answers may be out of date under it. That is safe:
        // - No account then, one now. If another call of this group made it, there is its reservation, whose account id
        //   we share, or already its membership. In the latter case, or if the person signed up or another group added
        //   them, Users answers that the email is taken, and the workflow runs this step again. A form without a
        //   password is told that the person is new, as it would have been a moment earlier.
        // - An account then. Accounts are never deleted. What it means to this group (a reservation, a membership, an
        //   invitation) is read under the lock. If its email has changed just now, the invitation is still the
        //   person's, as if the email had changed just after it.
        // - A location archived since: as if it had been archived just after.
        var found = await bus.QueryAsync(new FindAccountsByEmail([.. people.Select(person => person.Email!)]), ct);
        var accounts = found.Accounts.ToDictionary(account => EmailAddress.Normalize(account.Email));
        var locations = await bus.FindLocationsAsync(
            groupId,
            [.. people.SelectMany(person => person.LocationIds!).Distinct()],
            ct
        );

        var locked = await db.GetForUpdateAsync(groupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        var emails = people.Select(person => EmailAddress.Normalize(person.Email!)).ToList();
        var reservations = await db
            .Reservations.Where(r => r.GroupId == group.Id && emails.Contains(r.NormalizedEmail))
            .ToDictionaryAsync(r => r.NormalizedEmail, ct);
        _levels = await db.FindLevelsAsync(group.Id, people.Select(person => person.AccessLevel!.Value), ct);
        if (accounts.Count > 0)
            await ReadPeopleAsync(group, [.. found.Accounts.Select(account => account.UserId)], ct);

        List<ErrorOr<AddUserResult>> results = [];
        foreach (var (person, email) in people.Zip(emails))
        {
            var result = await AddAsync(person, email);
            results.Add(result);
            if (result.IsError && result.FirstError == GroupErrors.TooManyPeople)
                break;
        }

        return results;

        async Task<ErrorOr<AddUserResult>> AddAsync(NewMember person, string email)
        {
            if (locations.WhyNotAssignable(person.LocationIds!) is { } notAssignable)
                return notAssignable;
            var choice = person.ChoiceOf(_levels);
            if (choice.IsError)
                return choice.Errors;
            if (!actor.MayGrant(choice.Value.Effective(person.RoleType!.Value), person.LocationIds!))
                return GroupErrors.BeyondOwnAccess;

            var reservation = reservations.GetValueOrDefault(email);
            if (accounts.TryGetValue(email, out var account) && account.UserId != reservation?.UserId)
            {
                if (reservation is not null)
                    db.Reservations.Remove(reservation); // since it was made, the person got another account
                return await InviteAsync(group, actor, person, choice.Value, account, ct);
            }

            if (passwordRequired && !person.HasPassword)
                return GroupErrors.PasswordRequired;
            if (reservation is null)
            {
                if (await WhyTooManyAsync(group, ct) is { } many)
                    return many;
                db.Reservations.Add(reservation = Reservation.Create(group.Id, person.Email!, now));
                _peopleAdded?.Add(reservation.UserId);
            }

            return new AddUserResult(null, reservation.UserId, reservation.BeginAttempt(now), actor.UserId);
        }
    }

    /// <summary>
    /// What these accounts are to the group. Invitations that have expired are closed: of one person only one may be
    /// pending at a time.
    /// </summary>
    private async Task ReadPeopleAsync(Group group, List<Guid> userIds, CancellationToken ct)
    {
        _members = await db
            .Memberships.Where(member => member.GroupId == group.Id && userIds.Contains(member.UserId))
            .ToDictionaryAsync(member => member.UserId, ct);
        var pending = await db
            .Invitations.Where(invitation =>
                invitation.GroupId == group.Id
                && userIds.Contains(invitation.UserId)
                && invitation.Status == InvitationStatus.Pending
            )
            .ToListAsync(ct);
        foreach (var invitation in pending)
        {
            if (invitation.StatusAt(now) == InvitationStatus.Pending)
                _invited.Add(invitation.UserId);
            else
                invitation.Close(InvitationStatus.Expired, now);
        }

        if (pending.Count > _invited.Count)
            await db.SaveChangesAsync(ct); // before the new ones
    }

    private async Task<ErrorOr<AddUserResult>> InviteAsync(
        Group group,
        Membership actor,
        NewMember person,
        AccessChoice choice,
        AccountFacts account,
        CancellationToken ct
    )
    {
        if (_members.GetValueOrDefault(account.UserId) is { HasLeft: false } membership)
            return membership.IsActive ? GroupErrors.AlreadyMember : GroupErrors.PersonDeactivated(membership.UserId);
        if (_invited.Contains(account.UserId))
            return GroupErrors.AlreadyInvited;
        if (person.HasPassword)
            return GroupErrors.PasswordNotAllowed;
        if (await WhyTooManyAsync(group, ct) is { } many)
            return many;

        var invitation = Invitation.Create(
            group,
            actor,
            person.ProfileOf(account.UserId) with
            {
                Email = account.Email,
            },
            choice,
            person.LocationIds!,
            now,
            options.ExpireAfter
        );
        db.Invitations.Add(invitation);
        _invited.Add(account.UserId);
        _peopleAdded?.Add(account.UserId);
        work.Audit(
            GroupAudit.UserInvited,
            account.UserId,
            group.Id,
            new
            {
                invitation.Id,
                invitation.RoleType,
                level = invitation.LevelId,
            }
        );
        await messages.PublishAsync(
            new UserInvited(
                group.Id,
                group.Name,
                invitation.Id,
                account.UserId,
                invitation.InvitedByName,
                invitation.ExpiresAt
            )
        );
        return new AddUserResult(invitation.Id, account.UserId, 0, actor.UserId);
    }

    /// <summary>
    /// Only for who is new to the group today: what was begun can be repeated.
    /// </summary>
    private async Task<Error?> WhyTooManyAsync(Group group, CancellationToken ct)
    {
        if (limit.ADay(group.Id, now) is not { } max)
            return null;
        _peopleAdded ??= await db.FindPeopleAddedAsync(group, now - TimeSpan.FromDays(1), ct);
        return _peopleAdded.Count >= max ? GroupErrors.TooManyPeople : null;
    }
}

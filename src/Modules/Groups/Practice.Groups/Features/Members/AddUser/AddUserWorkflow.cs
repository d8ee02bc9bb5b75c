using System.Text.Json.Serialization;
using Practice.Contracts.Users;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>What the first step did: it made an invitation, or it reserved this account id for a new person.</summary>
/// <param name="Attempt">If several calls add one new person, the one that began last makes the membership.</param>
/// <param name="AddedBy">The caller.</param>
public sealed record AddUserResult(Guid? InvitationId, Guid UserId, int Attempt, Guid AddedBy);

internal enum AddUserOutcome
{
    Added,
    Invited,
}

/// <summary>Either the new member's id or the invitation's.</summary>
internal sealed record UserAdded(
    AddUserOutcome Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? InvitationId
);

/// <summary>
/// Adds a person from the form, or the people of a file, to a practice group. A person who has an account is invited. A
/// new person needs an account, which Users makes, and a membership, which is made here: two modules, so two
/// transactions. After a crash in between there is a reservation, and perhaps an account, that shows nowhere. A repeat
/// of the call continues from there.
/// </summary>
internal static class AddUserWorkflow
{
    /// <summary>Adds one person.</summary>
    /// <param name="first">The command of the first step: it runs <see cref="InviteOrReserve"/>.</param>
    /// <param name="input">
    /// The person. It is read only after the first step, which checks the caller before the input.
    /// </param>
    public static async Task<ErrorOr<UserAdded>> AddUserAsync(
        this IModuleBus bus,
        Guid groupId,
        ICommand<AddUserResult> first,
        Func<ErrorOr<NewMember>> input,
        CancellationToken ct
    )
    {
        var added = await TryAsync();
        if (!IsEmailTaken(added))
            return added;

        // An account was made since the first step asked who has the email: the person signed up, or another group or
        // another call added them. Run again, the first step finds an existing person and answers accordingly: already
        // a member, already invited, an invitation, or no password allowed.
        added = await TryAsync();
        return IsEmailTaken(added) ? GroupErrors.BeingAdded : added;

        async Task<ErrorOr<UserAdded>> TryAsync()
        {
            // 1. Invite an existing person, or reserve the email and an account id for a new one.
            var begun = await bus.SendAsync(first, ct);
            if (begun.IsError)
                return begun.Errors;
            var (invitationId, userId, attempt, addedBy) = begun.Value;
            if (invitationId is not null)
                return new UserAdded(AddUserOutcome.Invited, null, invitationId);

            // 2. Users makes the account.
            var member = input().Value;
            var account = await bus.InvokeAsSystemAsync(AccountOf(member, groupId, userId, attempt, addedBy), ct);
            switch (account.IsError ? account.FirstError.Code : null)
            {
                case null:
                    break;
                case AddAccount.EmailTaken: // another account has the email: the reserved one will never exist
                    await bus.SendAsync(new ReleaseReservations(groupId, [userId]), ct);
                    return account.Errors;
                case AddAccount.AttemptSuperseded:
                    return GroupErrors.BeingAdded;
                default:
                    return account.Errors; // the reservation stays: a repeat may bring a better password
            }

            // 3. The membership begins, and the reservation goes.
            var reserved = new ReservedPerson(userId, attempt, member);
            var activated = await bus.SendAsync(new ActivateReservation(groupId, reserved), ct);
            return activated.IsError ? activated.Errors : new UserAdded(AddUserOutcome.Added, userId, null);
        }
    }

    /// <summary>
    /// Adds many people, whose emails differ. Each of the three steps takes them all in one transaction, and one who
    /// cannot be added stops no other.
    /// </summary>
    public static async Task<AddUsersBatch> AddUsersAsync(
        this IModuleBus bus,
        Guid groupId,
        IReadOnlyList<NewMember> people,
        CancellationToken ct
    )
    {
        var batch = new AddUsersBatch(bus, groupId, people, ct);
        await batch.TryAsync([.. Enumerable.Range(0, people.Count)]);

        // As for one person: an account was made since the first step asked.
        if (batch.Stopped is null)
            await batch.TryAsync(batch.EmailsTaken());
        foreach (var taken in batch.EmailsTaken())
            batch.Outcomes[taken] = GroupErrors.BeingAdded;
        return batch;
    }

    private static bool IsEmailTaken(ErrorOr<UserAdded> added) =>
        added.IsError && added.FirstError.Code == AddAccount.EmailTaken;

    private static AddAccount AccountOf(NewMember member, Guid groupId, Guid userId, int attempt, Guid addedBy) =>
        new(
            userId,
            groupId,
            member.Email!.Trim(),
            member.Title.NullIfBlank(),
            member.FirstName!.Trim(),
            member.LastName!.Trim(),
            member.HasPassword ? member.Password : null,
            attempt,
            addedBy
        );
}

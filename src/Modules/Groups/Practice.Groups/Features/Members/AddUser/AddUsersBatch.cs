using Practice.Contracts.Users;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>People who go through the steps of <see cref="AddUserWorkflow"/> together.</summary>
internal sealed class AddUsersBatch(IModuleBus bus, Guid groupId, IReadOnlyList<NewMember> people, CancellationToken ct)
{
    private static Error EmailTaken { get; } =
        ApiError.Conflict(AddAccount.EmailTaken, "Another account has this email.");

    /// <summary>Of each person; null for those who were left when the batch stopped.</summary>
    public ErrorOr<UserAdded>?[] Outcomes { get; } = new ErrorOr<UserAdded>?[people.Count];

    /// <summary>Why it stopped: every further person would have the same error.</summary>
    public Error? Stopped { get; private set; }

    public List<int> EmailsTaken() =>
        [
            .. Enumerable
                .Range(0, people.Count)
                .Where(at => Outcomes[at] is { IsError: true } outcome && outcome.FirstError == EmailTaken),
        ];

    /// <param name="rows">Who of the people, by their places.</param>
    public async Task TryAsync(List<int> rows)
    {
        foreach (var row in rows)
            Outcomes[row] = null;
        if (rows.Count == 0 || await RunAsync(rows) is not { } failed)
            return;
        Stopped = failed;
        foreach (var first in rows.Where(row => Outcomes[row] is null).Take(1))
            Outcomes[first] = failed;
    }

    /// <returns>Why a step as a whole has failed; null if none has.</returns>
    private async Task<Error?> RunAsync(List<int> rows)
    {
        try
        {
            // 1. Invite existing people, and reserve the emails and account ids for new ones.
            var begun = await bus.SendAsync(new AddUsersToGroup(groupId, rows.ConvertAll(row => people[row])), ct);
            if (begun.IsError)
                return begun.FirstError;
            if (begun.Value.People.Any(person => person.Error?.Code == GroupErrors.TooManyPeople.Code))
                Stopped = GroupErrors.TooManyPeople;
            var reserved = new List<(int Row, AddUserResult Begun)>();
            foreach (var (row, person) in rows.Zip(begun.Value.People))
            {
                if (person.Result is not { } result)
                    Outcomes[row] = person.Error!.ToError();
                else if (result.InvitationId is { } invitationId)
                    Outcomes[row] = new UserAdded(AddUserOutcome.Invited, null, invitationId);
                else
                    reserved.Add((row, result));
            }

            if (reserved.Count == 0)
                return null;

            // 2. Users makes the accounts.
            var accounts = await bus.InvokeAsSystemAsync(
                new AddAccounts(
                    groupId,
                    reserved.ConvertAll(person => PersonOf(people[person.Row], person.Begun)),
                    reserved[0].Begun.AddedBy
                ),
                ct
            );
            if (accounts.IsError)
                return accounts.FirstError;
            var made = new List<(int Row, AddUserResult Begun)>();
            var taken = new List<Guid>();
            foreach (var (person, outcome) in reserved.Zip(accounts.Value.Outcomes))
            {
                switch (outcome)
                {
                    case AccountOutcome.Added:
                        made.Add(person);
                        break;
                    case AccountOutcome.EmailTaken: // another account has the email: the reserved one will never exist
                        taken.Add(person.Begun.UserId);
                        Outcomes[person.Row] = EmailTaken;
                        break;
                    case AccountOutcome.AttemptSuperseded:
                        Outcomes[person.Row] = GroupErrors.BeingAdded;
                        break;
                    default:
                        throw new InvalidOperationException($"Unknown outcome {outcome}.");
                }
            }

            if (taken.Count > 0)
                await bus.SendAsync(new ReleaseReservations(groupId, taken), ct);
            if (made.Count == 0)
                return null;

            // 3. The memberships begin, and the reservations go.
            var activated = await bus.SendAsync(
                new ActivateReservations(
                    groupId,
                    made.ConvertAll(person => new ReservedPerson(
                        person.Begun.UserId,
                        person.Begun.Attempt,
                        people[person.Row]
                    ))
                ),
                ct
            );
            if (activated.IsError)
                return activated.FirstError;
            foreach (var (person, error) in made.Zip(activated.Value.Errors))
                Outcomes[person.Row] = error is null
                    ? new UserAdded(AddUserOutcome.Added, person.Begun.UserId, null)
                    : error.ToError();
            return null;
        }
        catch (Exception failed) when (DatabaseFaults.IsTransient(failed))
        {
            return CommonErrors.Unavailable; // the response has started, so it can no longer become a 503
        }
    }

    private static PersonToAdd PersonOf(NewMember member, AddUserResult begun) =>
        new(
            begun.UserId,
            member.Email!.Trim(),
            member.Title.NullIfBlank(),
            member.FirstName!.Trim(),
            member.LastName!.Trim(),
            begun.Attempt
        );
}

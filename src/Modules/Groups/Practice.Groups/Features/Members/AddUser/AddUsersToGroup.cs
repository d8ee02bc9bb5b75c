using Microsoft.Extensions.Options;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>
/// The first step of adding people of a file, all in one transaction: as from the form, but without passwords.
/// </summary>
/// <param name="People">No email twice.</param>
public sealed record AddUsersToGroup(Guid GroupId, IReadOnlyList<NewMember> People) : Message, ICommand<BegunPeople>;

/// <param name="People">In the order of the command. Those after the first who is one too many were not tried.</param>
public sealed record BegunPeople(IReadOnlyList<BegunPerson> People);

/// <param name="Result">Null with an error.</param>
public sealed record BegunPerson(AddUserResult? Result, PersonError? Error);

/// <summary>The error of one person among many: it stops none of the others.</summary>
public sealed record PersonError(int Status, string Code, string Sentence)
{
    internal static PersonError? Of<T>(ErrorOr<T> result) =>
        result.IsError
            ? new(result.FirstError.NumericType, result.FirstError.Code, result.FirstError.Description)
            : null;

    internal Error ToError() => ApiError.Create(Status, Code, Sentence);
}

public static class AddUsersToGroupHandler
{
    public static async Task<ErrorOr<BegunPeople>> Handle(
        AddUsersToGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<InvitationOptions> options,
        PeopleLimit limit,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var step = new InviteOrReserve(db, work, bus, options.Value, limit, clock.GetUtcNow(), messages);
        var begun = await step.RunAsync(command.GroupId, command.People, passwordRequired: false, ct);
        return begun.IsError
            ? begun.Errors
            : new BegunPeople(
                begun.Value.ConvertAll(person => new BegunPerson(
                    person.IsError ? null : person.Value,
                    PersonError.Of(person)
                ))
            );
    }
}

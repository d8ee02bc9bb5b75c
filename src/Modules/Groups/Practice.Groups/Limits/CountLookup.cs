using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;

namespace Practice.Groups.Limits;

/// <summary>
/// Counts a call that tells whether an email has an account, in a transaction of its own: also where the call itself
/// ends with an error. All hosts count together.
/// </summary>
public sealed record CountLookup(Guid GroupId, LookupKind Kind) : Message, ICommand<Success>;

public static class CountLookupHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CountLookup command,
        GroupsDbContext db,
        UnitOfWork work,
        PeopleLimit limits,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (person, now) = (work.Caller.Person, clock.GetUtcNow());
        if (limits.AreOff)
            return Result.Success;

        var (times, within) = Lookup.Limit(command.Kind);
        await db.LockPersonAsync(person, ct);
        var mine = db.Lookups.Where(lookup => lookup.UserId == person && lookup.Kind == command.Kind);
        await mine.Where(lookup => lookup.At <= now - within).ExecuteDeleteAsync(ct);
        if (await mine.CountAsync(ct) >= times)
            return command.Kind == LookupKind.User ? GroupErrors.TooManyLookups : GroupErrors.TooManyImports;

        db.Lookups.Add(Lookup.Of(person, command.Kind, now));
        return Result.Success;
    }
}

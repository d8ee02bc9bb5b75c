using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Wolverine;

namespace Practice.Groups.EventHandlers;

/// <summary>
/// Keeps each group's copy of an active member's name and email equal to the account. Each group has a message of its
/// own: a sync takes a connection, and this handler's transaction holds one already.
/// </summary>
public static class SyncMemberOnAccountChangedHandler
{
    public static async Task Handle(
        AccountChanged changed,
        GroupsDbContext db,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var groups = await db
            .Database.SqlQuery<Guid>($"select authority.groups_of({changed.UserId}) as \"Value\" order by 1")
            .ToListAsync(ct);
        foreach (var groupId in groups)
            await messages.PublishAsync(new SyncChangedMember(groupId, changed.UserId));
    }
}

/// <summary>Copies a changed account to one group that the person is an active member of.</summary>
public sealed record SyncChangedMember(Guid GroupId, Guid UserId) : Message, IInGroup;

public static class SyncChangedMemberHandler
{
    public static Task Handle(SyncChangedMember message, IModuleBus bus, CancellationToken ct) =>
        bus.SyncMemberAsync(message.GroupId, message.UserId, ct);
}

/// <summary>
/// Syncs once more after a person has joined. A change of the account while the membership was being committed did not
/// find it.
/// </summary>
public static class SyncMemberOnMemberJoinedHandler
{
    public static Task Handle(MemberJoined joined, IModuleBus bus, CancellationToken ct) =>
        bus.SyncMemberAsync(joined.GroupId, joined.UserId, ct);
}

/// <summary>What changed while the membership was deactivated is copied when it is active again.</summary>
public sealed record SyncReactivatedMember(Guid GroupId, Guid UserId) : Message, IInGroup;

public static class SyncReactivatedMemberHandler
{
    public static Task Handle(SyncReactivatedMember message, IModuleBus bus, CancellationToken ct) =>
        bus.SyncMemberAsync(message.GroupId, message.UserId, ct);
}

internal static class MemberSync
{
    /// <summary>
    /// Copies what the account says now, not what the event says: events can arrive in another order than the changes
    /// were made. The account is asked before the group is locked, so a slow handler could overwrite a newer copy with
    /// an older one. Each handler therefore asks again after its commit, and repeats until the account still says what
    /// it wrote. So the handler that writes last has seen, after writing, that its copy is current. A later change has
    /// an event of its own.
    /// </summary>
    public static async Task SyncMemberAsync(this IModuleBus bus, Guid groupId, Guid userId, CancellationToken ct)
    {
        AccountFacts? written = null;
        while ((await bus.QueryAsync(new FindAccount(userId), ct)).Account is { } account && account != written)
        {
            await bus.InvokeAsSystemAsync(
                new SyncMember(groupId, userId, account.Email, account.Title, account.FirstName, account.LastName),
                ct
            );
            written = account;
        }
    }
}

/// <summary>Writes the account's email and name to the member of one group, in a transaction of its own.</summary>
public sealed record SyncMember(
    Guid GroupId,
    Guid UserId,
    string Email,
    string? Title,
    string FirstName,
    string LastName
) : Message, ICommand<Success>, IInGroup;

public static class SyncMemberHandler
{
    public static async Task<ErrorOr<Success>> Handle(SyncMember command, GroupsDbContext db, CancellationToken ct)
    {
        await db.LockGroupAsync(command.GroupId, ct);
        if (await db.FindMemberAsync(command.GroupId, command.UserId, ct) is { } member)
            member.SyncAccount(command.Email, command.Title, command.FirstName, command.LastName);
        return Result.Success;
    }
}

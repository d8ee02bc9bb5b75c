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
        bus.SyncMembersAsync(message.GroupId, [message.UserId], ct);
}

/// <summary>
/// Syncs once more after a person has joined. A change of the account while the membership was being committed did not
/// find it.
/// </summary>
public static class SyncMemberOnMemberJoinedHandler
{
    public static Task Handle(MemberJoined joined, IModuleBus bus, CancellationToken ct) =>
        bus.SyncMembersAsync(joined.GroupId, [joined.UserId], ct);
}

/// <inheritdoc cref="SyncMemberOnMemberJoinedHandler"/>
public static class SyncMembersOnNewMembersJoinedHandler
{
    public static Task Handle(NewMembersJoined joined, IModuleBus bus, CancellationToken ct) =>
        bus.SyncMembersAsync(joined.GroupId, joined.UserIds, ct);
}

/// <summary>What changed while the membership was deactivated is copied when it is active again.</summary>
public sealed record SyncReactivatedMember(Guid GroupId, Guid UserId) : Message, IInGroup;

public static class SyncReactivatedMemberHandler
{
    public static Task Handle(SyncReactivatedMember message, IModuleBus bus, CancellationToken ct) =>
        bus.SyncMembersAsync(message.GroupId, [message.UserId], ct);
}

internal static class MemberSync
{
    /// <summary>
    /// Copies what the accounts say now, not what the event says: events can arrive in another order than the changes
    /// were made. The accounts are asked before the group is locked, so a slow handler could overwrite a newer copy
    /// with an older one. Each handler therefore asks again after its commit, and repeats until the accounts still say
    /// what it wrote. So the handler that writes last has seen, after writing, that its copy is current. A later change
    /// has an event of its own.
    /// </summary>
    public static async Task SyncMembersAsync(
        this IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> userIds,
        CancellationToken ct
    )
    {
        IReadOnlyList<AccountFacts> written = [];
        while (true)
        {
            var accounts = (await bus.QueryAsync(new FindAccounts(userIds), ct)).Accounts;
            var changed = accounts.Except(written).ToList();
            if (changed.Count == 0)
                return;
            await bus.InvokeAsSystemAsync(new SyncMembers(groupId, changed), ct);
            written = accounts;
        }
    }
}

/// <summary>Writes the accounts' emails and names to the members of one group, in a transaction of its own.</summary>
public sealed record SyncMembers(Guid GroupId, IReadOnlyList<AccountFacts> Accounts)
    : Message,
        ICommand<Success>,
        IInGroup;

public static class SyncMembersHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SyncMembers command,
        GroupsDbContext db,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        await db.LockGroupAsync(command.GroupId, ct);
        var userIds = command.Accounts.Select(account => account.UserId).ToList();
        var members = await db
            .Memberships.Where(member => member.GroupId == command.GroupId && userIds.Contains(member.UserId))
            .ToDictionaryAsync(member => member.UserId, ct);
        foreach (var account in command.Accounts)
        {
            if (
                members.TryGetValue(account.UserId, out var member)
                && member.SyncAccount(account.Email, account.Title, account.FirstName, account.LastName)
            )
                await messages.PublishAsync(new MemberRenamed(command.GroupId, account.UserId));
        }

        return Result.Success;
    }
}

using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Who changed their own access knows.</summary>
public static class NotifyOnMemberAccessChangedHandler
{
    public static async Task Handle(
        MemberAccessChanged happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (happened.UserId == happened.ChangedBy)
            return;
        var content = NotificationContent.AccessChanged(happened.GroupId, happened.GroupName);
        await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
    }
}

/// <summary>As <see cref="NotifyOnMemberAccessChangedHandler"/>, of everybody with an access level.</summary>
public static class NotifyOnMembersAccessChangedHandler
{
    public static async Task Handle(
        MembersAccessChanged happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await db.NotifyAllAsync(
            [.. happened.UserIds.Where(person => person != happened.ChangedBy)],
            envelope,
            () => NotificationContent.AccessChanged(happened.GroupId, happened.GroupName),
            clock.GetUtcNow(),
            ct
        );
}

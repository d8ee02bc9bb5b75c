using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

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
            happened.UserIds,
            envelope,
            () => NotificationContent.AccessChanged(happened.GroupId, happened.GroupName),
            clock.GetUtcNow(),
            ct
        );
}

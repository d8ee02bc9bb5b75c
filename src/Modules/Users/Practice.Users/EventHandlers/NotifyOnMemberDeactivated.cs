using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnMemberDeactivatedHandler
{
    public static async Task<DeliverEmail?> Handle(
        MemberDeactivated happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.Deactivated(happened.GroupId, happened.GroupName);
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        var kind = happened.Left ? EmailKind.LeftPractice : EmailKind.Deactivated;
        return account is null ? null : DeliverEmail.New(kind, account.Email, happened.GroupId, happened.GroupName);
    }
}

using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnMemberJoinedHandler
{
    public static async Task<DeliverEmail?> Handle(
        MemberJoined happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // A person whose account is new gets the link that confirms it. The email never holds the password.
        var kind = happened.AccountIsNew ? EmailKind.WelcomeNewPerson : EmailKind.WelcomeMember;
        var content = NotificationContent.Joined(happened.GroupId, happened.GroupName);
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null ? null : DeliverEmail.New(kind, account.Email, account.Id, happened.GroupName);
    }
}

/// <summary>As <see cref="NotifyOnMemberJoinedHandler"/>, of people whose accounts are new.</summary>
public static class NotifyOnNewMembersJoinedHandler
{
    public static async Task Handle(
        NewMembersJoined happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var accounts = await db.NotifyAllAsync(
            happened.UserIds,
            envelope,
            () => NotificationContent.Joined(happened.GroupId, happened.GroupName),
            clock.GetUtcNow(),
            ct
        );
        foreach (var account in accounts)
            await messages.PublishAsync(
                DeliverEmail.New(EmailKind.WelcomeNewPerson, account.Email, account.Id, happened.GroupName)
            );
    }
}

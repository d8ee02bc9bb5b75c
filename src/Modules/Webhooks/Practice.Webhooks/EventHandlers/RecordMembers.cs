using Practice.Contracts.Groups;
using Practice.Webhooks.Data;
using Wolverine;

namespace Practice.Webhooks.EventHandlers;

public static class RecordOnMemberJoinedHandler
{
    public static Task Handle(
        MemberJoined happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            "member.joined",
            new() { ["userIds"] = new[] { happened.UserId } },
            clock.GetUtcNow(),
            ct
        );
}

public static class RecordOnNewMembersJoinedHandler
{
    public static async Task Handle(
        NewMembersJoined happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        foreach (var userIds in happened.UserIds.Chunk(DeliveryRecording.MostIds))
            await db.RecordAsync(
                envelope,
                messages,
                work,
                happened.GroupId,
                "member.joined",
                new() { ["userIds"] = userIds },
                clock.GetUtcNow(),
                ct
            );
    }
}

public static class RecordOnMemberAccessChangedHandler
{
    public static Task Handle(
        MemberAccessChanged happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            "member.access_changed",
            new() { ["userIds"] = new[] { happened.UserId } },
            clock.GetUtcNow(),
            ct
        );
}

public static class RecordOnMembersAccessChangedHandler
{
    public static async Task Handle(
        MembersAccessChanged happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        foreach (var userIds in happened.UserIds.Chunk(DeliveryRecording.MostIds))
            await db.RecordAsync(
                envelope,
                messages,
                work,
                happened.GroupId,
                "member.access_changed",
                new() { ["userIds"] = userIds },
                clock.GetUtcNow(),
                ct
            );
    }
}

public static class RecordOnMemberDeactivatedHandler
{
    public static Task Handle(
        MemberDeactivated happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            "member.deactivated",
            new() { ["userIds"] = new[] { happened.UserId }, ["left"] = happened.Left },
            clock.GetUtcNow(),
            ct
        );
}

public static class RecordOnMemberReactivatedHandler
{
    public static Task Handle(
        MemberReactivated happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            "member.reactivated",
            new() { ["userIds"] = new[] { happened.UserId } },
            clock.GetUtcNow(),
            ct
        );
}

/// <summary>Whom it invites is not told: they are not a member yet.</summary>
public static class RecordOnUserInvitedHandler
{
    public static Task Handle(
        UserInvited happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            "invitation.sent",
            new() { ["invitationId"] = happened.InvitationId },
            clock.GetUtcNow(),
            ct
        );
}

public static class RecordOnInvitationClosedHandler
{
    public static Task Handle(
        InvitationClosed happened,
        Envelope envelope,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            envelope,
            messages,
            work,
            happened.GroupId,
            happened.Status switch
            {
                InvitationOutcome.Accepted => "invitation.accepted",
                InvitationOutcome.Rejected => "invitation.rejected",
                InvitationOutcome.Withdrawn => "invitation.withdrawn",
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Status, null),
            },
            new() { ["invitationId"] = happened.InvitationId },
            clock.GetUtcNow(),
            ct
        );
}

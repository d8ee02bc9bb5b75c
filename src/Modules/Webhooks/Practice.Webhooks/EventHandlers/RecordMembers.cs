using Practice.Contracts.Groups;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.EventHandlers;

public static class RecordOnMemberJoinedHandler
{
    public static Task Handle(
        MemberJoined happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) => db.RecordPeopleAsync(messages, work, happened.GroupId, WebhookEvents.MemberJoined, [happened.UserId], ct);
}

public static class RecordOnNewMembersJoinedHandler
{
    public static Task Handle(
        NewMembersJoined happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) => db.RecordPeopleAsync(messages, work, happened.GroupId, WebhookEvents.MemberJoined, happened.UserIds, ct);
}

public static class RecordOnMemberAccessChangedHandler
{
    public static Task Handle(
        MemberAccessChanged happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordPeopleAsync(
            messages,
            work,
            happened.GroupId,
            WebhookEvents.MemberAccessChanged,
            [happened.UserId],
            ct
        );
}

public static class RecordOnMembersAccessChangedHandler
{
    public static Task Handle(
        MembersAccessChanged happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordPeopleAsync(messages, work, happened.GroupId, WebhookEvents.MemberAccessChanged, happened.UserIds, ct);
}

public static class RecordOnMemberDeactivatedHandler
{
    public static Task Handle(
        MemberDeactivated happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            WebhookEvents.MemberDeactivated,
            new() { ["userIds"] = new[] { happened.UserId }, ["left"] = happened.Left },
            ct
        );
}

public static class RecordOnMemberReactivatedHandler
{
    public static Task Handle(
        MemberReactivated happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) => db.RecordPeopleAsync(messages, work, happened.GroupId, WebhookEvents.MemberReactivated, [happened.UserId], ct);
}

/// <summary>Whom it invites is not told: they are not a member yet.</summary>
public static class RecordOnUserInvitedHandler
{
    public static Task Handle(
        UserInvited happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            WebhookEvents.InvitationSent,
            new() { ["invitationId"] = happened.InvitationId },
            ct
        );
}

public static class RecordOnInvitationClosedHandler
{
    public static Task Handle(
        InvitationClosed happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Status switch
            {
                InvitationOutcome.Accepted => WebhookEvents.InvitationAccepted,
                InvitationOutcome.Rejected => WebhookEvents.InvitationRejected,
                InvitationOutcome.Withdrawn => WebhookEvents.InvitationWithdrawn,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Status, null),
            },
            new() { ["invitationId"] = happened.InvitationId },
            ct
        );
}

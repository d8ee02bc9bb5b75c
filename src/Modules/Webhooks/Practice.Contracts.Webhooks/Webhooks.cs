using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.Webhooks;

/// <summary>Why a webhook was turned off. Stored messages hold the names in quotes: they never change.</summary>
public enum WebhookStop
{
    /// <summary>It took nothing for a day.</summary>
    [JsonStringEnumMemberName("failing")]
    Failing,

    /// <summary>It answered 410: it wants no more.</summary>
    [JsonStringEnumMemberName("gone")]
    Gone,

    /// <summary>More waited for it than the product keeps.</summary>
    [JsonStringEnumMemberName("backlog")]
    Backlog,

    /// <summary>An owner had it end with the membership of who made it.</summary>
    [JsonStringEnumMemberName("makerLeft")]
    MakerLeft,
}

/// <summary>
/// A practice's webhook was turned off: its receiver does not take what is sent, or who made it is no member any more.
/// </summary>
/// <param name="Host">Of its URL.</param>
public sealed record WebhookDisabled(
    Guid GroupId,
    Guid WebhookId,
    string Host,
    [property: JsonConverter(typeof(JsonStringEnumConverter<WebhookStop>))] WebhookStop Why
) : Message, IEvent, IInGroup;

/// <summary>The webhooks that these people made in the group and that still send, the oldest first.</summary>
public sealed record FindWebhooksCreatedBy(Guid GroupId, IReadOnlyList<Guid> UserIds)
    : Message,
        IQuery<WebhooksCreatedByAnswer>,
        IInGroup;

public sealed record WebhooksCreatedByAnswer(IReadOnlyList<CreatedWebhook> Webhooks);

/// <param name="Host">Of its URL.</param>
public sealed record CreatedWebhook(Guid WebhookId, Guid CreatedById, string Host);

using Microsoft.Extensions.Logging;
using Practice.PatientPortal.Domain.Texts;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace Practice.PatientPortal.Texts;

/// <summary>
/// Hands a text message to the gateway, at most once. That it begins is stored before, and what became of it after:
/// a host that dies in between leaves a text of which nobody knows whether it was sent, and which is not sent again.
/// The email of the same reminder is on its way in any case.
/// </summary>
public static partial class SendTextHandler
{
    /// <summary>Longer than the week that a reminder may go out ahead. What has begun is dropped.</summary>
    internal static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        .. Enumerable.Repeat(TimeSpan.FromHours(1), 3),
        .. Enumerable.Repeat(TimeSpan.FromHours(4), 4),
        .. Enumerable.Repeat(TimeSpan.FromHours(12), 13), // Wolverine takes 25 at most
    ];

    public static void Configure(HandlerChain chain) => chain.OnException<TextNotSentException>().ScheduleRetry(Pauses);

    public static async Task Handle(
        SendText due,
        Envelope envelope,
        TextGateway gateway,
        IModuleBus bus,
        ILogger<TextGateway> log,
        CancellationToken ct
    )
    {
        var reserved = (await bus.InvokeAsSystemAsync(new ReserveText(due.GroupId, due.TextId), ct)).Value;
        if (reserved.Problem is { } found)
            LogNotSent(log, due.TextId, found);
        if (reserved is not { To: { } to, Body: { } body })
            return;

        // Also while the host stops: cut off, nobody would know whether it was sent. The gateway has its own limit.
        var result = await gateway.SendAsync(to, body, CancellationToken.None);
        var status = result.Outcome switch
        {
            TextOutcome.Sent => TextStatus.Sent,
            TextOutcome.Refused => TextStatus.Refused,
            TextOutcome.NotSent when envelope.Attempts > Pauses.Length => TextStatus.Refused, // and the credit is back
            TextOutcome.NotSent => TextStatus.Waiting,
            TextOutcome.Unknown => TextStatus.Unknown,
            var other => throw new ArgumentOutOfRangeException(nameof(due), other, "No such outcome."),
        };
        var settle = new SettleText(due.GroupId, due.TextId, status, result.GatewayId, result.Problem);
        await bus.InvokeAsSystemAsync(settle, CancellationToken.None);
        if (result.Problem is { } problem)
            LogNotSent(log, due.TextId, problem);
        if (status == TextStatus.Waiting)
            throw new TextNotSentException($"Text message {due.TextId} was not sent. {result.Problem}");
    }

    [LoggerMessage(LogLevel.Warning, "Text message {TextId} has no delivery. {Problem}")]
    private static partial void LogNotSent(ILogger log, Guid textId, string problem);
}

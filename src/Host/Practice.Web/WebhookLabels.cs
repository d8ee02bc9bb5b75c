using Practice.Client;

namespace Practice.Web;

internal static class WebhookLabels
{
    public static string Of(WebhookView webhook) =>
        webhook switch
        {
            { Enabled: true } => "On",
            { DisabledReason: DisabledReason.Failing } => "Off: the receiver took nothing for a day",
            { DisabledReason: DisabledReason.Gone } => "Off: the receiver wants no more",
            { DisabledReason: DisabledReason.Backlog } => "Off: too much was waiting",
            { DisabledReason: DisabledReason.MakerLeft } => "Off: who made it is no longer a member",
            _ => "Off",
        };

    public static string PillClass(WebhookView webhook) =>
        webhook switch
        {
            { Enabled: true } => "good",
            { DisabledReason: DisabledReason.Owner or DisabledReason.MakerLeft } => "",
            _ => "bad",
        };

    public static string Of(DeliveryStatus status) =>
        status switch
        {
            DeliveryStatus.Waiting => "Waiting",
            DeliveryStatus.Delivered => "Delivered",
            DeliveryStatus.Failed => "Failed",
            _ => status.ToString(),
        };

    public static string PillClass(DeliveryStatus status) =>
        status switch
        {
            DeliveryStatus.Delivered => "good",
            DeliveryStatus.Failed => "bad",
            _ => "warn",
        };

    /// <summary>What the last attempt came to; null before the first.</summary>
    public static string? Outcome(WebhookDeliveryView delivery) =>
        (delivery.Problem, delivery.StatusCode) switch
        {
            (DeliveryProblem.TimedOut, _) => "No answer in time",
            (DeliveryProblem.Unreachable, _) => "Could not be reached",
            (DeliveryProblem.Tls, _) => "The certificate is not valid",
            (DeliveryProblem.AddressNotPublic, _) => "The name leads to an address that is not public",
            (DeliveryProblem.Disabled, null) => "The webhook was turned off",
            (_, { } status) => $"Answer {status}",
            _ => null,
        };

    public static string Attempts(int attempts) => attempts == 1 ? "1 attempt" : $"{attempts} attempts";

    /// <summary>The choice that ends what former members made.</summary>
    public static string EndLabel(bool clients, bool webhooks) =>
        (clients, webhooks) switch
        {
            (_, false) => "Revoke these API clients, too",
            (false, true) => "Turn these webhooks off, too",
            _ => "Revoke these API clients and turn these webhooks off, too",
        };

    public static string HostOf(WebhookView webhook) => new Uri(webhook.Url).Host;
}

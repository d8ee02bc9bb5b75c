namespace Practice.Webhooks.Domain;

/// <summary>The module's errors. Their codes are part of the API.</summary>
internal static class WebhookErrors
{
    public static Error TooMany { get; } =
        ApiError.Conflict(
            "webhooks.too_many",
            "The practice has as many webhooks as it may. Delete one that is no longer used."
        );

    public static Error TurnedOff { get; } =
        ApiError.Conflict("webhooks.disabled", "This webhook is turned off. Turn it on first.");

    public static Error StillWaiting { get; } =
        ApiError.Conflict("webhooks.still_waiting", "This delivery is still waiting to be sent.");

    public static Error TestWaiting { get; } =
        ApiError.Conflict("webhooks.test_waiting", "A test is still waiting to be sent. See its attempts first.");

    public static Error TooManyWaiting { get; } =
        ApiError.Conflict(
            "webhooks.too_many_waiting",
            "Too many deliveries are waiting for this webhook. Wait until they are sent."
        );
}

namespace Practice.Webhooks.Domain;

/// <summary><c>Webhooks</c> in the configuration.</summary>
public sealed class WebhookOptions
{
    internal const string Section = "Webhooks";

    /// <summary>
    /// Sends to any address, also by plain HTTP: for tests only. In production owners of practices could reach what is
    /// inside the operator's network.
    /// </summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

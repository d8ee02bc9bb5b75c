using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Practice.Webhooks.Domain;

/// <summary>Signs as Standard Webhooks says (https://www.standardwebhooks.com), version 1.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where a webhook's secret is stored: sealed, it opens in no other place.</summary>
    public static string ContextOf(Guid webhookId) => $"webhooks.webhooks.secret {webhookId}";

    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret.</summary>
    public static string Sign(IEnumerable<string> secrets, string id, long timestamp, string payload)
    {
        var content = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{payload}")
        );
        return string.Join(
            ' ',
            secrets.Select(secret =>
                "v1,"
                + Convert.ToBase64String(
                    HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), content)
                )
            )
        );
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Practice.Shared.Texts;

namespace Practice.PatientPortal.Texts;

/// <summary>What became of a text message at the gateway.</summary>
internal enum TextOutcome
{
    Sent,

    /// <summary>It will never be sent: the gateway refused it.</summary>
    Refused,

    /// <summary>The gateway did not take it now. It may later.</summary>
    NotSent,

    /// <summary>
    /// The gateway had it and gave no answer. It knows no idempotency: a repeat could be a second text.
    /// </summary>
    Unknown,
}

/// <param name="Problem">A sentence for the practice; null if it was sent.</param>
internal sealed record TextResult(TextOutcome Outcome, string? GatewayId = null, string? Problem = null);

/// <summary>
/// Hands text messages to the gateway, by the form API that many offer: From, To and Body in, a JSON object with
/// <c>sid</c> and <c>status</c>, or with an error's <c>code</c>, out.
/// </summary>
public sealed class TextGateway : IDisposable
{
    /// <summary>An answer is a short JSON object.</summary>
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly TextGatewaySettings _settings;
    private readonly HttpClient _http;

    public TextGateway(TextGatewaySettings settings)
    {
        _settings = settings;
        var login = Encoding.UTF8.GetBytes($"{settings.Account}:{settings.Token}");
        _http = new(
            new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }
        )
        {
            Timeout = settings.Timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(login)),
            },
        };
    }

    public void Dispose() => _http.Dispose();

    internal async Task<TextResult> SendAsync(string to, string body, CancellationToken ct)
    {
        var address =
            $"{_settings.Url!.ToString().TrimEnd('/')}/Accounts/"
            + $"{Uri.EscapeDataString(_settings.Account)}/Messages.json";
        using var form = new FormUrlEncodedContent([new("From", _settings.From), new("To", to), new("Body", body)]);
        try
        {
            using var answer = await _http.PostAsync(new Uri(address), form, ct);
            return Read(answer.StatusCode, await answer.Content.ReadAsStringAsync(ct));
        }
        catch (HttpRequestException failed) when (NeverArrived(failed.HttpRequestError))
        {
            return new(TextOutcome.NotSent, Problem: "The gateway could not be reached.");
        }
        catch (HttpRequestException)
        {
            return new(TextOutcome.Unknown, Problem: "The connection to the gateway broke. It may have been sent.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(TextOutcome.Unknown, Problem: "The gateway did not answer in time. It may have been sent.");
        }
    }

    private static bool NeverArrived(HttpRequestError error) =>
        error
            is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    private static TextResult Read(HttpStatusCode status, string json)
    {
        var answer = GatewayAnswer.Parse(json);
        return (int)status switch
        {
            >= 200 and <= 299 when answer.Status is "failed" or "undelivered" or "canceled" => Refused(answer),
            >= 200 and <= 299 => new(TextOutcome.Sent, answer.Sid),
            // The operator's to mend, or only for now: the number is not the reason.
            401 or 403 or 404 or 408 or 429 or 500 or 503 => new(
                TextOutcome.NotSent,
                Problem: $"The gateway answered {(int)status}."
            ),
            >= 400 and <= 499 => Refused(answer),
            _ => new(TextOutcome.Unknown, Problem: $"The gateway answered {(int)status}. It may have been sent."),
        };
    }

    /// <summary>The gateway's own words may hold the number: only its code is kept.</summary>
    private static TextResult Refused(GatewayAnswer answer) =>
        new(
            TextOutcome.Refused,
            Problem: answer.Code is { } code ? $"The gateway refused it (code {code})." : "The gateway refused it."
        );

    private sealed record GatewayAnswer(string? Sid, string? Status, int? Code)
    {
        private const int MaxIdLength = 64;

        public static GatewayAnswer Parse(string json)
        {
            try
            {
                using var read = JsonDocument.Parse(json);
                var root = read.RootElement;
                if (root.ValueKind != JsonValueKind.Object)
                    return new(null, null, null);
                return new(Text(root, "sid"), Text(root, "status"), Number(root, "code") ?? Number(root, "error_code"));
            }
            catch (JsonException)
            {
                return new(null, null, null);
            }
        }

        private static string? Text(JsonElement root, string name) =>
            root.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: <= MaxIdLength } text
                ? text
                : null;

        private static int? Number(JsonElement root, string name) =>
            root.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number)
                ? number
                : null;
    }
}

/// <summary>The text could not be handed over now. It is tried again, until the appointment begins.</summary>
internal sealed class TextNotSentException(string message) : Exception(message);

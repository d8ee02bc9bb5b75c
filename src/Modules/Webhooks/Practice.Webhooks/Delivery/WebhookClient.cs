using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Delivery;

/// <summary>Finds the addresses of a name.</summary>
public interface INameResolver
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct);
}

/// <summary>
/// Sends to receivers that practices name. Each connection is made to an address that was checked just before, so it
/// does not matter what a name says to whom, or when. Of an answer only the status counts.
/// </summary>
public sealed class WebhookClient : IDisposable
{
    private const int MaxAddresses = 4;
    private const int MaxHeaderKilobytes = 16;
    private const int MaxDrainBytes = 4 * 1024;

    /// <summary>A receiver that takes more than this part of the time is slow.</summary>
    private const int SlowPart = 5;

    private readonly WebhookOptions _options;
    private readonly INameResolver _names;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public WebhookClient(IOptions<WebhookOptions> options, INameResolver names, TimeProvider clock)
    {
        (_options, _names, _clock) = (options.Value, names, clock);
        _http = new(
            new SocketsHttpHandler
            {
                ConnectCallback = ConnectAsync,
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                Credentials = null,
                ActivityHeadersPropagator = null, // what we trace is no business of theirs
                MaxResponseHeadersLength = MaxHeaderKilobytes,
                MaxResponseDrainSize = MaxDrainBytes, // so that the connection can be used again
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            }
        )
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, // each attempt has its own
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Practice.Modular-Webhooks", "1"));
    }

    public void Dispose() => _http.Dispose();

    internal async Task<AttemptResult> SendAsync(Guid deliveryId, TakenDelivery taken, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var result = await TryAsync(deliveryId, taken, ct);
        return result with { Slow = Stopwatch.GetElapsedTime(began) > _options.Timeout / SlowPart, Url = taken.Url };
    }

    private async Task<AttemptResult> TryAsync(Guid deliveryId, TakenDelivery taken, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = Sign(deliveryId, taken);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new(
                deliveryId,
                (int)answer.StatusCode,
                answer.IsSuccessStatusCode ? null : DeliveryProblem.Rejected
            );
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new(deliveryId, Interrupted: true);
        }
        catch (OperationCanceledException)
        {
            return new(deliveryId, Problem: DeliveryProblem.TimedOut);
        }
        catch (HttpRequestException failed)
        {
            return new(deliveryId, Problem: ProblemOf(failed));
        }
    }

    private HttpRequestMessage Sign(Guid deliveryId, TakenDelivery taken)
    {
        var (id, timestamp) = (WebhookDelivery.MessageIdOf(deliveryId), _clock.GetUtcNow().ToUnixTimeSeconds());
        return new(HttpMethod.Post, taken.Url)
        {
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", WebhookSecret.Sign(taken.Secrets!, id, timestamp, taken.Payload!) },
            },
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(taken.Payload!))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
    }

    private static DeliveryProblem ProblemOf(HttpRequestException failed)
    {
        for (Exception? cause = failed; cause is not null; cause = cause.InnerException)
        {
            if (cause is NotPublicException)
                return DeliveryProblem.AddressNotPublic;
        }

        return failed.HttpRequestError == HttpRequestError.SecureConnectionError
            ? DeliveryProblem.Tls
            : DeliveryProblem.Unreachable;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var found = await _names.ResolveAsync(context.DnsEndPoint.Host, ct);
        var allowed = found
            .Where(address => _options.AllowPrivateNetworks || PublicAddresses.IsPublic(address))
            .Take(MaxAddresses)
            .ToList();
        if (allowed.Count == 0 && found.Length > 0)
            throw new NotPublicException();

        Exception? last = null;
        foreach (var address in allowed)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), allowed.Count, ct);
            }
            catch (Exception failed) when (failed is SocketException or TimeoutException)
            {
                last = failed; // such as an address of IPv6 where there is none
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <param name="addresses">How many share the time.</param>
    private async Task<NetworkStream> ConnectAsync(IPEndPoint to, int addresses, CancellationToken ct)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, ct).AsTask().WaitAsync(_options.Timeout / addresses, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class NotPublicException() : IOException("The name leads to an address that is not public.");
}

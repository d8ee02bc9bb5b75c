using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web.Forms;

/// <summary>
/// Sends the calls of a posted form with their keys. Where the form was sent twice, the second waits for what the first
/// is answered.
/// </summary>
internal sealed class FormAttemptHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    /// <summary>Shorter than the time limit of a page, so that the person is told.</summary>
    private const int MostRepeats = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (
            request.Method != HttpMethod.Post
            || accessor.HttpContext is not { } http
            || http.Features.Get<FormAttempt>()?.NextKey(request.RequestUri!) is not { } key
        )
            return await base.SendAsync(request, cancellationToken);

        request.Headers.Add("Idempotency-Key", key);
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (ApiProblemException problem) when (problem.Code == FormState.InProgress && repeats < MostRepeats)
            {
                await Task.Delay(problem.RetryAfter ?? Pause, http.RequestAborted);
            }
        }
    }
}

using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Sessions;

/// <summary>
/// Calls the API as the signed-in person, and passes the browser's User-Agent on. A read ends with the browser's
/// request; a change is completed even where the browser has gone.
/// </summary>
internal sealed class BearerTokenHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (accessor.HttpContext is not { } http)
            return await base.SendAsync(request, cancellationToken);
        if (Tokens.AccessOf(http) is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (http.Request.Headers.UserAgent.ToString() is { Length: > 0 } browser)
            request.Headers.TryAddWithoutValidation("User-Agent", browser);
        if (request.Method != HttpMethod.Get)
            return await base.SendAsync(request, cancellationToken);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, http.RequestAborted);
        return await base.SendAsync(request, either.Token);
    }
}

using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Sessions;

/// <summary>Calls the API as the person whose browser asks, and says which browser that is.</summary>
internal sealed class CallsForBrowser(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (accessor.HttpContext is { } http)
        {
            if (Tokens.AccessOf(http) is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (http.Request.Headers.UserAgent.ToString() is { Length: > 0 } browser)
                request.Headers.TryAddWithoutValidation("User-Agent", browser);
        }

        return base.SendAsync(request, cancellationToken);
    }
}

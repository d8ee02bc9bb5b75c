using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Sessions;

/// <summary>Calls the API as the signed-in person, and passes the browser's User-Agent on.</summary>
internal sealed class BearerTokenHandler(IHttpContextAccessor accessor) : DelegatingHandler
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

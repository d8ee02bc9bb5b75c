using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Practice.Authorization;

/// <summary>
/// Makes sure that a route's requirement is enforced. Most handlers are authorized by what they read or send, in the
/// same round trip. A handler that can do neither is authorized before it runs. One that rejects its input before it
/// reads is authorized before that error goes out, since 401, 403 and 404 come before 400. If a handler succeeds and
/// nobody was authorized, the call fails.
/// </summary>
internal static class AuthorizationFilter
{
    private sealed class Authorized;

    public static void MarkAuthorized(HttpContext http, Caller caller)
    {
        http.Features.Set(new Authorized());
        if (caller is { IsClient: true, UserId: { } clientId })
            http.RequestServices.GetService<IClientCalls>()?.Authorized(http, clientId);
    }

    public static bool IsAuthorized(HttpContext http) => http.Features.Get<Authorized>() is not null;

    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var asksTheDatabase = factory
            .MethodInfo.GetParameters()
            .Any(parameter =>
                parameter.ParameterType.IsAssignableTo(typeof(DbContext))
                || parameter.ParameterType.IsAssignableTo(typeof(IAuthorizesCalls))
            );
        return async context =>
        {
            var http = context.HttpContext;
            http.Response.OnStarting(StopUnauthorized, http); // for a handler that writes the response itself
            if (!asksTheDatabase)
                await AuthorizeAsync(http);
            var answer = await next(context);
            if (!IsAuthorized(http))
            {
                if (answer is not IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest })
                    throw new AuthorizationSkippedException(http.GetEndpoint()?.DisplayName);
                await AuthorizeAsync(http);
            }

            return answer;
        };
    }

    private static Task StopUnauthorized(object state)
    {
        var http = (HttpContext)state;
        return IsAuthorized(http) || http.Response.StatusCode >= StatusCodes.Status400BadRequest
            ? Task.CompletedTask
            : throw new AuthorizationSkippedException(http.GetEndpoint()?.DisplayName);
    }

    private static Task AuthorizeAsync(HttpContext http) =>
        http
            .RequestServices.GetRequiredService<Authorizer>()
            .DemandAsync(http.RequestServices.GetRequiredService<CallContext>(), http.RequestAborted);
}

/// <summary>Is told when an API client was authorized, before the answer has begun: limits count by client.</summary>
public interface IClientCalls
{
    void Authorized(HttpContext http, Guid clientId);
}

/// <summary>A service that authorizes the request's caller with what it sends.</summary>
public interface IAuthorizesCalls;

/// <summary>
/// A handler succeeded and nobody had been authorized: a fault of ours, which must not become an answer.
/// </summary>
public sealed class AuthorizationSkippedException(string? route)
    : InvalidOperationException(
        $"{route} has a requirement, and its handler ended without the caller having been authorized. "
            + "Read through the module's DbContext, or send a command."
    );

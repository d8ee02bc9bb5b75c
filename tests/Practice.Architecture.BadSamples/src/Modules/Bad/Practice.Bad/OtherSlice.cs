using Carter;
using ErrorOr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Practice.Authorization;
using Practice.Messages;
using Practice.Shared.Http;

namespace Practice.Bad.Features.Other;

public sealed record BadSlice : ICommand<Success>;

internal sealed class BadSliceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/bad/slice", () => "a slice").RequireSession();
}

public static class BadSliceHandler
{
    public static async Task<ErrorOr<Success>> Handle(BadSlice command) // async as most are: its lines are in a type that the compiler makes
    {
        await Task.Yield();
        return command is null ? Error.Failure() : Result.Success;
    }
}

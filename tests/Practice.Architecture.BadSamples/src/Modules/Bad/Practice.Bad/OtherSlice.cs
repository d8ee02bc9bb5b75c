using Carter;
using ErrorOr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
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
    public static ErrorOr<Success> Handle(BadSlice command) => command is null ? Error.Failure() : Result.Success;
}

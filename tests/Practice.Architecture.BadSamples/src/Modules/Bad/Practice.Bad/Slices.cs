using Carter;
using ErrorOr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Contracts.Bad;
using Practice.Messages;
using Practice.Shared.Http;

namespace Practice.Bad.Features;

internal sealed record BadInput(string? Name);

/// <summary>Rule 6, one route a violation.</summary>
internal sealed class BadRoutes : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/bad/open", () => "nobody was asked who they are");
        app.MapPost("/api/bad/raw", (BadInput input) => input.Name).RequireSession();
        app.MapPost("/api/bad/stream", (HttpRequest request) => request.ContentType).RequireSession();
        app.MapPost("/api/bad/unvalidated", (Body<BadInput> body) => body.Read().IsError).RequireSession();
        app.MapGet("/api/bad/both", () => "let in, whoever it is").RequireSession().AllowAnonymous();
    }
}

/// <summary>Rule 9: knows the inside of a sibling slice.</summary>
internal sealed class BadNeighbour
{
    public string Sibling { get; } = typeof(Other.BadSliceHandler).Name;
}

public static class BadAskedTwiceHandler
{
    public static BadAnswer Handle(BadAskedTwice query) => new(query.ToString());
}

public static class BadAskedTwiceAgainHandler
{
    public static BadAnswer Handle(BadAskedTwice query) => new(query.ToString());
}

public static class BadMisansweredHandler
{
    public static BadAnswer Handle(BadMisanswered command) => new(command.ToString());
}

/// <summary>Rule 5: two handling methods.</summary>
public static class BadTwoMethodsHandler
{
    public static ErrorOr<Success> Handle(BadOne command) => command is null ? Error.Failure() : Result.Success;

    public static ErrorOr<Success> HandleAsync(BadTwo command) => command is null ? Error.Failure() : Result.Success;
}

/// <summary>Rule 5: an instance, which may hold what outlives a message.</summary>
public sealed class BadInstanceHandler
{
    public ErrorOr<Success> Handle(BadOne command) => command is null ? Error.Failure() : Result.Success;
}

public sealed record BadOne : ICommand<Success>;

public sealed record BadTwo : ICommand<Success>;

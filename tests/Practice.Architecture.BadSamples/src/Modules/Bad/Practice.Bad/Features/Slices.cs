using Carter;
using ErrorOr;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Practice.Authorization;
using Practice.Contracts.Bad;
using Practice.Messages;
using Practice.Shared.Http;
using Practice.Shared.Messaging;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.Bad.Features;

internal sealed record BadInput(string? Name);

internal sealed record BadTimes(DateTime? At, DateTimeOffset? Good, DateOnly? GoodToo, IReadOnlyList<BadTime?>? More);

internal sealed record BadTime(TimeOnly? Opens);

internal sealed class BadTimesValidator : AbstractValidator<BadTimes>;

/// <summary>What only this machine's zone, clock or culture decides, and a second rule for days of a zone.</summary>
internal static class BadClock
{
    public static DateTimeOffset Now => DateTimeOffset.Now;

    public static bool Reads(string text) => DateTime.TryParse(text, out _) && DateOnly.TryParse(text, out _);

    public static Func<DateTime, TimeZoneInfo, bool> Skips { get; } = (at, zone) => zone.IsInvalidTime(at);

    public static TimeZoneInfo Here => TimeZoneInfo.Local;
}

/// <summary>Rule 6, one route a violation.</summary>
internal sealed class BadRoutes : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/bad/open", () => "no requirement");
        app.MapPost("/api/bad/raw", (BadInput input) => input.Name).RequireSession();
        app.MapGet("/api/bad/times", (DateTimeOffset? from, DateOnly day) => $"{from} {day}").RequireSession();
        app.MapPost("/api/bad/times", (Body<BadTimes> body) => body.Read().IsError).RequireSession();
        app.MapPost("/api/bad/stream", (HttpRequest request) => request.ContentType).RequireSession();
        app.MapPost("/api/bad/unvalidated", (Body<BadInput> body) => body.Read().IsError).RequireSession();
        app.MapGet("/bad/hidden", () => "not where the rules look").RequireSession();
        app.Map("/bad/delegate", (RequestDelegate)(http => http.Response.WriteAsync("nor here")))
            .WithMetadata(new HttpMethodMetadata(["GET"]));
        app.MapGroup("/api/bad/grouped")
            .MapMethods("open", ["DELETE", "PATCH"], () => "neither verb nor group hides it")
            .AllowAnonymous();
        app.MapGet("/api/bad/groups/{groupId:guid}/things", (Guid groupId) => groupId).RequireSession();
        app.MapGet("/api/bad/accounts/{accountId:guid}/things", (Guid accountId) => accountId).RequireSession();
        app.MapGet("/api/bad/accounts/{accountId:guid}/others", (Guid accountId) => accountId).RequirePortal();
        app.MapGet("/api/bad/things/of-a-group", () => "of which group?").RequireMember();
        app.MapGet("/api/bad/things/of-an-account", () => "of which account?").RequireAccount();
        app.MapPost("/api/bad/publishes", async ([FromServices] IMessageBus bus) => await bus.PublishAsync("early"))
            .RequireSession();
        app.MapGet("/api/bad/things/{group:guid}", (Guid group) => group).RequireSession();
        app.MapGet("/api/bad/both", () => "a requirement that is switched off").RequireSession().AllowAnonymous();
    }
}

/// <summary>Rule 9: uses a sibling slice and sends its command; some of it only as a generic argument.</summary>
internal sealed class BadNeighbour
{
    public string Sibling { get; } = typeof(Other.BadSliceHandler).Name;

    public List<Other.BadSliceEndpoint> Endpoints { get; } = [];

    public Task<ErrorOr<Success>> Send(IModuleBus bus) => bus.SendAsync(new Other.BadSlice(), CancellationToken.None);
}

/// <summary>Rule 2: acts as the system in a group and an account without a reason on the list.</summary>
public static class BadActsAsSystemHandler
{
    public static async Task<ErrorOr<Success>> Handle(BadActsAsSystem command, UnitOfWork work, CancellationToken ct)
    {
        using var asSystem = work.ActAsSystemIn(command.GroupId);
        using var inAccount = work.ActInAccount(command.GroupId);
        await Task.Yield();
        return Result.Success;
    }
}

public sealed record BadActsAsSystem(Guid GroupId) : ICommand<Success>;

/// <summary>
/// Asks another module while other calls wait for the row that it has locked: here after an await, below in a method.
/// </summary>
public static class BadLocksHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        BadLocks command,
        BadDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        await bus.QueryAsync(new BadUnanswered(), ct); // in good time
        await LockAsync(db, ct);
        await bus.QueryAsync(new BadUnanswered(), ct);
        return Result.Success;
    }

    private static async Task LockAsync(BadDbContext db, CancellationToken ct) =>
        await db.Things.FromSql($"select * from bad.things for update").ToListAsync(ct);
}

public sealed record BadLocks : ICommand<Success>;

public static class BadLocksInStepsHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        BadLocksInSteps command,
        BadDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        await AskAsync(bus, ct);
        await db.TakeLockAsync(AdvisoryLocks.Exports, "all", ct);
        await AskAsync(bus, ct);
        return Result.Success;
    }

    private static async Task AskAsync(IModuleBus bus, CancellationToken ct) =>
        await bus.InvokeAsSystemAsync(new BadOne(), ct);
}

public sealed record BadLocksInSteps : ICommand<Success>;

/// <summary>Not bad: it asks before it locks.</summary>
public static class BadGathersHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        BadGathers command,
        BadDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        await bus.QueryAsync(new BadUnanswered(), ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(1)", ct);
        return Result.Success;
    }
}

public sealed record BadGathers : ICommand<Success>;

/// <summary>Rule 4: handles what is no message.</summary>
public static class BadTextHandler
{
    public static void Handle(string text) => text.ToString();
}

/// <summary>Rule 4: for other modules, and in no contract.</summary>
internal sealed record BadHiddenEvent : IEvent;

internal sealed record BadHiddenQuery : IQuery<BadAnswer>;

/// <summary>Rule 4: handlers that Wolverine does not find here, so that the message is lost.</summary>
public static class TellsOnBadBaggage
{
    public static Task HandleAsync(BadBaggage happened) => Task.CompletedTask;
}

internal static class BadInternalHandler
{
    public static void Handle(BadBaggage happened) { }
}

internal static class BadNested
{
    public static class InnerHandler
    {
        public static void Handle(BadBaggage happened) { }
    }
}

/// <summary>Rule 5: another method that Wolverine would run, and what outlives a message.</summary>
public static class BadKeeperHandler
{
    private static string? _last;

    public static void Before(BadThree command) => _last = command.ToString();

    public static ErrorOr<Success> Handle(BadThree command) => _last is null ? Error.Failure() : Result.Success;
}

public sealed record BadThree : ICommand<Success>;

/// <summary>Rule 5: a handling method by another name.</summary>
public static class BadConsumerHandler
{
    public static ErrorOr<Success> Consume(BadFour command) => command is null ? Error.Failure() : Result.Success;
}

public sealed record BadFour : ICommand<Success>;

/// <summary>Rule 10: asks on, after an await and through another method; the other asks back.</summary>
public static class BadAsksOnHandler
{
    public static async Task<BadAnswer> Handle(BadAsksOn query, IModuleBus bus, CancellationToken ct)
    {
        await Task.Yield();
        return await AskAsync(bus, ct);
    }

    private static Task<BadAnswer> AskAsync(IModuleBus bus, CancellationToken ct) =>
        bus.QueryAsync(new BadAskedBack(), ct);
}

public static class BadAskedBackHandler
{
    public static Task<BadAnswer> Handle(BadAskedBack query, IModuleBus bus, CancellationToken ct) =>
        bus.QueryAsync(new BadAsksOn(), ct);
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

public static class BadListenerHandler
{
    public static void Handle(BadForWebhooks happened) { }
}

using System.Reflection;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;
using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Shared.Errors;
using Practice.Shared.Messaging;

namespace Practice.Host.Tests;

/// <summary>Authorization fails closed: a slice that forgets to ask the database answers 500, never 200.</summary>
public sealed class FailClosedTests
{
    private static readonly Dictionary<string, Lazy<Task<TestApp>>> Hosts = new[]
    {
        "Development",
        "Production",
    }.ToDictionary(name => name, name => new Lazy<Task<TestApp>>(() => StartAsync(name, new FaultySlices())));

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_slice_that_takes_a_context_and_reads_nothing_answers_500_to_everybody(string environment)
    {
        var (app, path, callers) = await CallersAsync(environment);
        foreach (var caller in callers)
        {
            var answer = (await caller.Get($"{path}/reads-nothing")).Should(500, "request.failed");
            Assert.DoesNotContain("not for you", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("reads-nothing", answer.Text, StringComparison.Ordinal);
        }

        var logged = app.Log.Errors.Count(line =>
            line.Contains("/reads-nothing", StringComparison.Ordinal)
            && line.Contains(nameof(AuthorizationSkippedException), StringComparison.Ordinal)
        );
        Assert.True(logged >= callers.Length, $"{logged} errors name the route.");
    }

    /// <summary>
    /// A handler that writes to the response itself has sent its answer before the filter sees it return.
    /// </summary>
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_slice_that_writes_the_response_itself_writes_nothing_unless_its_caller_is_authorized(
        string environment
    )
    {
        var (app, path, callers) = await CallersAsync(environment);
        foreach (var caller in callers)
        {
            var answer = await caller.Get($"{path}/writes-itself");
            Assert.Equal(500, answer.Status);
            Assert.DoesNotContain("not for you", answer.Text, StringComparison.Ordinal);
        }

        Assert.Contains(app.Log.Errors, line =>
            line.Contains("/writes-itself", StringComparison.Ordinal)
            && line.Contains(nameof(AuthorizationSkippedException), StringComparison.Ordinal)
        );
        (await callers[0].Get($"{path}/reads-and-writes-itself")).Should(401, "auth.not_signed_in");
        (await callers[2].Get($"{path}/reads-and-writes-itself")).Should(404, "request.not_found");
        Assert.Equal("1", (await callers[3].Get($"{path}/reads-and-writes-itself")).Should(200).Text);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_slice_that_takes_no_context_is_authorized_before_it_runs(string environment)
    {
        var (_, path, callers) = await CallersAsync(environment);
        var before = FaultySlices.Ran;
        (await callers[0].Get($"{path}/takes-nothing")).Should(401, "auth.not_signed_in");
        (await callers[1].Get($"{path}/takes-nothing")).Should(401, "auth.not_signed_in");
        (await callers[2].Get($"{path}/takes-nothing")).Should(404, "request.not_found");
        Assert.Equal(before, FaultySlices.Ran);
        (await callers[3].Get($"{path}/takes-nothing")).Should(200);
        Assert.Equal(before + 1, FaultySlices.Ran);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task An_error_in_the_input_is_told_only_to_those_who_may_call(string environment)
    {
        var (_, path, callers) = await CallersAsync(environment);
        (await callers[0].Get($"{path}/rejects")).Should(401, "auth.not_signed_in");
        (await callers[1].Get($"{path}/rejects")).Should(401, "auth.not_signed_in");
        (await callers[2].Get($"{path}/rejects")).Should(404, "request.not_found");
        (await callers[3].Get($"{path}/rejects")).Should(400);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_slice_that_reads_is_authorized_by_its_read(string environment)
    {
        var (_, path, callers) = await CallersAsync(environment);
        (await callers[0].Get($"{path}/reads")).Should(401, "auth.not_signed_in");
        (await callers[1].Get($"{path}/reads")).Should(401, "auth.not_signed_in");
        (await callers[2].Get($"{path}/reads")).Should(404, "request.not_found");
        Assert.Equal("1", (await callers[3].Get($"{path}/reads")).Should(200).Text);
    }

    /// <summary>A stranger is told that there is nothing, not that a password would help.</summary>
    [Theory]
    [InlineData("verified-reads")]
    [InlineData("verified-takes-nothing")]
    public async Task A_route_for_verified_callers_takes_a_sign_in_of_the_last_5_minutes(string slice)
    {
        var (app, path, callers) = await CallersAsync("Production");
        (await callers[3].Get($"{path}/{slice}")).Should(200);
        foreach (var (caller, status, code) in new[] { (0, 401, "auth.not_signed_in"), (2, 404, "request.not_found") })
            (await callers[caller].Get($"{path}/{slice}")).Should(status, code);

        await app.Owner.Execute("update authority.sessions set verified_at = now() - interval '301 seconds'");
        (await callers[3].Get($"{path}/{slice}")).Should(403, "auth.verification_required");
        await app.Owner.Execute("update authority.sessions set verified_at = now() - interval '290 seconds'");
        (await callers[3].Get($"{path}/{slice}")).Should(200);
    }

    [Fact]
    public async Task A_route_for_verified_callers_cannot_be_open_to_anyone()
    {
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync("Production", new VerifiesAnyone())
        );
        Assert.Contains("/api/test/verifies requires a verified", stopped.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A command that runs as the system authorizes nobody: its sender must be authorized first.
    /// </summary>
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Nothing_runs_as_the_system_before_the_caller_is_authorized(string environment)
    {
        var (app, path, callers) = await CallersAsync(environment);
        var before = await LocationsAsync(app);
        (await callers[0].Post($"{path}/runs-as-system")).Should(401, "auth.not_signed_in");
        (await callers[1].Post($"{path}/runs-as-system")).Should(401, "auth.not_signed_in");
        (await callers[2].Post($"{path}/runs-as-system")).Should(404, "request.not_found");
        (await callers[0].Get($"{path}/asks")).Should(401, "auth.not_signed_in");
        (await callers[2].Get($"{path}/asks")).Should(404, "request.not_found");
        Assert.Equal(before, await LocationsAsync(app));

        (await callers[3].Get($"{path}/asks")).Should(200);
        (await callers[3].Post($"{path}/runs-as-system")).Should(200);
        Assert.Equal(before + 1, await LocationsAsync(app));
    }

    [Fact]
    public async Task A_route_that_says_nothing_about_its_callers_stops_the_start()
    {
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync("Production", new SaysNothing())
        );
        Assert.Equal(
            "Routes without authorization: "
                + "HTTP: GET /api/test/says-nothing has no requirement (RequireMember and the like, or AllowAnyone).",
            stopped.Message
        );
    }

    /// <summary>Only what <c>AllowAnyone</c> says counts; the framework's own mark does not.</summary>
    [Fact]
    public async Task The_frameworks_own_mark_for_anonymous_calls_does_not_count()
    {
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync("Production", new SaysAnonymous())
        );
        Assert.Contains("/api/test/anonymous", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_allows_anyone_starts()
    {
        await using var app = await StartAsync("Production", new SaysAnyone());
        (await app.Api.Get("/api/test/anyone")).Should(200);
    }

    [Theory]
    [InlineData("/api/test/{id:guid}/group", "requires access to a group and has no {groupId}")]
    [InlineData("/api/test/{id:guid}/account", "requires access to an account and has no {accountId}")]
    public async Task A_route_that_requires_what_it_does_not_name_stops_the_start(string path, string fault)
    {
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync("Production", new NamesNothing())
        );
        Assert.Contains($"GET {path} {fault}", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_modules_route_outside_the_api_needs_a_requirement_too()
    {
        Assembly[] here = [typeof(FailClosedTests).Assembly];
        var routes = (IEndpointRouteBuilder)WebApplication.CreateSlimBuilder().Build();
        routes.MapGet("/elsewhere", () => "of a module");
        Endpoints(routes).DemandRequirements([]);
        var stopped = Assert.Throws<InvalidOperationException>(() => Endpoints(routes).DemandRequirements(here));
        Assert.Contains("/elsewhere", stopped.Message, StringComparison.Ordinal);

        var raw = (IEndpointRouteBuilder)WebApplication.CreateSlimBuilder().Build();
        raw.Map("/raw", http => http.Response.WriteAsync("of a module"));
        Assert.Throws<InvalidOperationException>(() => Endpoints(raw).DemandRequirements(here));

        static IEnumerable<Endpoint> Endpoints(IEndpointRouteBuilder routes) =>
            routes.DataSources.SelectMany(source => source.Endpoints);
    }

    private static Task<TestApp> StartAsync(string environment, ICarterModule slices) =>
        TestApp.StartAsync(
            new TestAppOptions { Environment = environment, Services = services => services.AddSingleton(slices) }
        );

    /// <summary>
    /// Nobody, an expired session, a member of another group, and a member; and the path of the member's group.
    /// </summary>
    private static async Task<(TestApp App, string Path, ApiClient[] Callers)> CallersAsync(string environment)
    {
        var app = await Hosts[environment].Value;
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var stranger = await app.SignUpAndConfirm();
        await stranger.CreatesGroup();
        var expired = await group.Owner.SignsInAgain();
        await app.Owner.Execute(
            """
            update authority.sessions set expires_at = now() - interval '1 second'
            where session_id = (select session_id from authority.sessions where user_id = $1 order by expires_at
                desc limit 1)
            """,
            group.Owner.Id
        );
        return (
            app,
            $"/api/test/{group.Id}",
            [app.Api, expired.Api, stranger.Api, (await group.Owner.SignsInAgain()).Api]
        );
    }

    private static Task<long> LocationsAsync(TestApp app) =>
        app.Owner.Scalar<long>("select count(*) from locations.locations where name = 'By the system'");

    /// <summary>Slices as an engineer might write them by mistake.</summary>
    private sealed class FaultySlices : ICarterModule
    {
        private static int _ran;

        public static int Ran => Volatile.Read(ref _ran);

        public void AddRoutes(IEndpointRouteBuilder app)
        {
            app.MapGet("/api/test/{groupId:guid}/reads-nothing", ReadsNothing).RequireMember();
            app.MapGet("/api/test/{groupId:guid}/takes-nothing", TakesNothing).RequireMember();
            app.MapGet("/api/test/{groupId:guid}/rejects", Rejects).RequireMember();
            app.MapGet("/api/test/{groupId:guid}/reads", Reads).RequireMember();
            app.MapPost("/api/test/{groupId:guid}/runs-as-system", RunsAsSystem).RequireMember();
            app.MapGet("/api/test/{groupId:guid}/asks", Asks).RequireMember();
            app.MapGet("/api/test/{groupId:guid}/verified-reads", Reads).RequireMember().RequireVerified();
            app.MapGet("/api/test/{groupId:guid}/verified-takes-nothing", TakesNothing)
                .RequireMember()
                .RequireVerified();
            app.MapGet("/api/test/{groupId:guid}/writes-itself", WritesItself).RequireMember();
            app.MapGet("/api/test/{groupId:guid}/reads-and-writes-itself", ReadsAndWritesItself).RequireMember();
        }

        private static async Task WritesItself(Guid groupId, LocationsDbContext db, HttpContext http) =>
            await http.Response.WriteAsync($"not for you: {groupId} {db.Schema}");

        private static async Task ReadsAndWritesItself(Guid groupId, LocationsDbContext db, HttpContext http) =>
            await http.Response.WriteAsync(
                $"{await db.Locations.CountAsync(location => location.GroupId == groupId, http.RequestAborted)}"
            );

        private static Ok<string> ReadsNothing(Guid groupId, LocationsDbContext db) =>
            TypedResults.Ok($"not for you: {groupId} {db.Schema}");

        private static Ok<Guid> TakesNothing(Guid groupId)
        {
            Interlocked.Increment(ref _ran);
            return TypedResults.Ok(groupId);
        }

        private static IResult Rejects(Guid groupId, LocationsDbContext db) =>
            groupId == default ? Results.Ok(db.Schema) : ApiError.InvalidField("name", "Name is missing.").ToProblem();

        private static async Task<IResult> Reads(Guid groupId, LocationsDbContext db, CancellationToken ct) =>
            Results.Ok(await db.Locations.CountAsync(location => location.GroupId == groupId, ct));

        private static async Task<IResult> RunsAsSystem(
            Guid groupId,
            IModuleBus bus,
            LocationsDbContext db,
            CancellationToken ct
        )
        {
            var added = await bus.InvokeAsSystemAsync(
                new AddFirstLocation(groupId, Guid.CreateVersion7(), "By the system", "Europe/London"),
                ct
            );
            return added.IsError ? Problems.ToProblem(added.Errors) : Results.Ok(await db.Locations.CountAsync(ct));
        }

        private static async Task<IResult> Asks(Guid groupId, IModuleBus bus, CancellationToken ct) =>
            Results.Ok((await bus.QueryAsync(new ListLocations(groupId), ct)).Locations.Count);
    }

    /// <summary>Carter makes its modules without arguments.</summary>
    private sealed class SaysNothing : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/test/says-nothing", () => "open");
    }

    private sealed class NamesNothing : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app)
        {
            app.MapGet("/api/test/{id:guid}/group", (Guid id) => id).RequireMember();
            app.MapGet("/api/test/{id:guid}/account", (Guid id) => id).RequireAccount();
        }
    }

    private sealed class SaysAnonymous : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) =>
            app.MapGet("/api/test/anonymous", () => "open").AllowAnonymous();
    }

    private sealed class VerifiesAnyone : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) =>
            app.MapGet("/api/test/verifies", () => "open").AllowAnyone().RequireVerified();
    }

    private sealed class SaysAnyone : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/test/anyone", () => "open").AllowAnyone();
    }
}

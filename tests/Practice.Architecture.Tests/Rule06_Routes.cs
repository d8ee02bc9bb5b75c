using System.IO.Pipelines;
using System.Reflection;
using Carter;
using FluentValidation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;
using Practice.Shared.Http;
using Wolverine;

namespace Practice.Architecture.Tests;

/// <summary>
/// 6. Every route of the running host comes from a slice and has a requirement or is on the short list; every body has
/// a validator.
/// </summary>
public sealed class Rule06_Routes
{
    /// <summary>
    /// What describes FHIR is made of all modules' routes, so it comes from none of them. It is the same for every
    /// group.
    /// </summary>
    private static readonly string[] OfTheHost =
    [
        "GET /fhir/groups/{groupId:guid}/.well-known/smart-configuration",
        "GET /fhir/groups/{groupId:guid}/metadata",
    ];

    /// <summary>The calls of people who can't be signed in yet. No other call may be anonymous.</summary>
    private static readonly string[] Anonymous =
    [
        "POST /api/users/sign-up",
        "POST /api/users/confirm-email",
        "POST /api/users/resend-confirmation",
        "POST /api/users/sign-in",
        "POST /api/users/sign-in/passkey",
        "POST /api/users/sign-in/passkey/options",
        "GET /api/users/sign-in/providers",
        "POST /api/users/sign-in/providers/{name}/start",
        "POST /api/users/sign-in/providers/{name}/complete",
        "POST /api/users/sign-in/providers/{name}/link",
        "POST /api/users/sign-in/providers/{name}/link/email",
        "POST /api/users/sign-in/providers/{name}/link/confirm",
        "POST /api/users/sign-in/providers/{name}/code",
        "POST /api/users/refresh",
        "POST /api/users/forgot-password",
        "POST /api/users/reset-password",
        "POST /api/users/keep-two-factor",
        "POST /api/users/unsubscribe",
        "POST /api/users/resubscribe",
        .. OfTheHost,
    ];

    /// <summary>Routes whose body is not JSON, and is read by a type of the slice's own.</summary>
    private static readonly string[] OtherBodies =
    [
        "POST /api/groups/{groupId:guid}/members/import",
        "POST /api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}/attachments",
    ];

    [Fact]
    public async Task Every_route_comes_from_a_slice() =>
        Rule.Holds(await Real(), route => NotFromASlice(route, Codebase.Real));

    /// <summary>
    /// Outside <c>/api</c> and <c>/fhir</c> are the host's own routes: health, documentation, pages. The rules below
    /// look at those two.
    /// </summary>
    [Fact]
    public async Task No_module_answers_outside_the_api() => Rule.Holds(await All(), OutsideTheApi);

    [Fact]
    public void A_modules_route_outside_the_api_is_caught() =>
        Rule.Catches(
            BadOfAllPaths(),
            OutsideTheApi,
            "GET /bad/hidden is a module's, outside /api",
            "GET /bad/delegate is a module's, outside /api"
        );

    [Fact]
    public void A_route_mapped_elsewhere_is_caught() =>
        Rule.Catches(Bad(), route => NotFromASlice(route, Codebase.Bad), "GET /api/bad/loose comes from no slice");

    [Fact]
    public async Task Every_route_has_a_requirement_or_is_one_of_the_few_anonymous_ones() =>
        Rule.Holds(await Real(), Unguarded);

    [Fact]
    public void A_route_without_a_requirement_is_caught() =>
        Rule.Catches(
            Bad(),
            Unguarded,
            "GET /api/bad/loose has no requirement",
            "GET /api/bad/open has no requirement",
            "GET /api/bad/both is anonymous and has a requirement",
            "POST /api/bad/publishes can publish before its caller is authorized",
            "DELETE,PATCH /api/bad/grouped/open has no requirement"
        );

    /// <summary>These two decide themselves what such a session may (docs/adr/0048).</summary>
    [Fact]
    public async Task No_other_call_takes_a_session_that_began_otherwise_than_its_group_requires() =>
        Assert.Equal(
            ["GET /api/groups/{groupId:guid}/sign-in", "PUT /api/groups/{groupId:guid}/sign-in"],
            (await Real())
                .Where(route => RouteAuthorization.RequirementOf(route.Metadata) is { WithoutRequiredProvider: true })
                .Select(Name)
                .Order(StringComparer.Ordinal)
        );

    /// <summary>
    /// A route that names a group or an account but requires only a session would leave the rest to its slice.
    /// </summary>
    [Fact]
    public async Task Every_route_that_names_a_group_or_an_account_requires_access_to_it() =>
        Rule.Holds(await Real(), Unrelated);

    [Fact]
    public void A_route_that_names_one_and_does_not_require_it_is_caught() =>
        Rule.Catches(
            Bad(),
            Unrelated,
            "GET /api/bad/groups/{groupId:guid}/things names a group that its caller need not be in",
            "GET /api/bad/accounts/{accountId:guid}/things names an account that its caller need not have open",
            "GET /api/bad/accounts/{accountId:guid}/others names an account that its caller need not have open",
            "GET /api/bad/things/of-a-group requires a group that it does not name",
            "GET /api/bad/things/of-an-account requires an account that it does not name",
            "GET /api/bad/things/{group:guid} names a group by another name than groupId"
        );

    [Fact]
    public async Task Every_body_is_read_and_validated_by_Body_of_T() =>
        Rule.Holds(await Real(), Unvalidated((await TestApp.StartedAsync()).Services));

    [Fact]
    public async Task There_are_bodies_to_validate() => Assert.NotEmpty((await Real()).SelectMany(Bodies));

    [Fact]
    public void A_body_that_is_read_otherwise_or_not_validated_is_caught() =>
        Rule.Catches(
            Bad(),
            Unvalidated(new ServiceCollection().BuildServiceProvider()),
            "POST /api/bad/raw reads a body of its own",
            "POST /api/bad/stream takes HttpRequest",
            "POST /api/bad/times has no validator for BadTimes",
            "POST /api/bad/unvalidated has no validator for BadInput"
        );

    /// <summary>
    /// The framework reads a date of an address, and JSON some of a body's, in many forms and with this machine's zone.
    /// <c>QueryText.Moment</c> and <c>InputJson</c> take one form.
    /// </summary>
    [Fact]
    public async Task No_route_leaves_a_date_or_time_to_the_framework() => Rule.Holds(await Real(), ReadsTimesItself);

    [Fact]
    public void A_route_that_does_is_caught() =>
        Rule.Catches(
            Bad(),
            ReadsTimesItself,
            "GET /api/bad/times takes a DateTimeOffset named from",
            "GET /api/bad/times takes a DateOnly named day",
            "POST /api/bad/times takes a DateTime in BadTimes",
            "POST /api/bad/times takes a TimeOnly in BadTime"
        );

    private static readonly Type[] Times =
    [
        typeof(DateTimeOffset),
        typeof(DateTime),
        typeof(DateOnly),
        typeof(TimeOnly),
        typeof(TimeSpan),
    ];

    private static IEnumerable<string> ReadsTimesItself(RouteEndpoint route) =>
        (
            from parameter in Method(route)?.GetParameters() ?? []
            let type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType
            where Times.Contains(type)
            select $"{Name(route)} takes a {type.Name} named {parameter.Name}"
        ).Concat(
            from body in Bodies(route)
            from part in PartsOf(body, [])
            from property in part.GetProperties()
            let type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
            where Times.Contains(type) && type != typeof(DateTimeOffset) && type != typeof(DateOnly)
            select $"{Name(route)} takes a {type.Name} in {part.Name}"
        );

    /// <summary>The type of a body, and those of the product inside it.</summary>
    private static IEnumerable<Type> PartsOf(Type type, HashSet<Type> seen)
    {
        if (type.IsGenericType)
            return type.GetGenericArguments().SelectMany(argument => PartsOf(argument, seen));
        if (type.Namespace?.StartsWith("Practice.", StringComparison.Ordinal) != true || !seen.Add(type))
            return [];
        return [type, .. type.GetProperties().SelectMany(property => PartsOf(property.PropertyType, seen))];
    }

    private static async Task<IEnumerable<RouteEndpoint>> Real() => Api(await All());

    private static async Task<IEnumerable<RouteEndpoint>> All() =>
        Routes((await TestApp.StartedAsync()).Services.GetServices<EndpointDataSource>());

    private static IEnumerable<RouteEndpoint> Bad() => Api(BadOfAllPaths());

    private static IEnumerable<RouteEndpoint> BadOfAllPaths()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        foreach (
            var slice in Codebase
                .Bad.Modules.SelectMany(module => module.Own.Types)
                .Where(type => type.IsAssignableTo(typeof(ICarterModule)))
        )
            ((ICarterModule)Activator.CreateInstance(slice)!).AddRoutes(app);
        app.MapGet("/api/bad/loose", () => "of no module");
        return Routes(((IEndpointRouteBuilder)app).DataSources);
    }

    private static IEnumerable<RouteEndpoint> Routes(IEnumerable<EndpointDataSource> sources) =>
        sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct();

    private static IEnumerable<RouteEndpoint> Api(IEnumerable<RouteEndpoint> routes) =>
        routes.Where(route =>
            Path(route).StartsWith("/api", StringComparison.OrdinalIgnoreCase)
            || Path(route).StartsWith("/fhir", StringComparison.OrdinalIgnoreCase)
        );

    private static string Path(RouteEndpoint route) => $"/{route.RoutePattern.RawText?.TrimStart('/')}";

    private static string Name(RouteEndpoint route) =>
        $"{string.Join(',', route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])} {Path(route)}";

    private static MethodInfo? Method(RouteEndpoint route) => route.Metadata.GetMetadata<MethodInfo>();

    private static IEnumerable<string> OutsideTheApi(RouteEndpoint route)
    {
        var assembly = Method(route)?.DeclaringType?.Assembly ?? route.RequestDelegate?.Method.DeclaringType?.Assembly;
        var isAModules = Codebase
            .Real.Modules.Concat(Codebase.Bad.Modules)
            .Any(module => module.Own.Assembly == assembly);
        if (
            isAModules
            && !Path(route).StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
            && !Path(route).StartsWith("/fhir/", StringComparison.OrdinalIgnoreCase)
        )
            yield return $"{Name(route)} is a module's, outside /api";
    }

    private static IEnumerable<string> Unrelated(RouteEndpoint route)
    {
        var asks = route.Metadata.GetMetadata<AccessRequirement>();
        if (
            route.RoutePattern.GetParameter("groupId") is not null
            && asks is not { InGroup: true }
            && !OfTheHost.Contains(Name(route))
        )
            yield return $"{Name(route)} names a group that its caller need not be in";
        if (route.RoutePattern.GetParameter("accountId") is not null && asks?.Portal is not { InAccount: true })
            yield return $"{Name(route)} names an account that its caller need not have open";
        if (route.RoutePattern.GetParameter("groupId") is null && asks is { InGroup: true })
            yield return $"{Name(route)} requires a group that it does not name";
        if (route.RoutePattern.GetParameter("accountId") is null && asks?.Portal is { InAccount: true })
            yield return $"{Name(route)} requires an account that it does not name";
        foreach (var parameter in route.RoutePattern.Parameters)
        {
            if (parameter.Name is "group" or "practiceId" or "tenantId")
                yield return $"{Name(route)} names a group by another name than groupId";
            if (parameter.Name is "account" or "portalAccountId")
                yield return $"{Name(route)} names an account by another name than accountId";
        }
    }

    private static IEnumerable<string> NotFromASlice(RouteEndpoint route, Codebase code)
    {
        // A lambda lies in a class of the compiler's, inside the slice's.
        var type = Method(route)?.DeclaringType;
        while (type?.DeclaringType is { } outer)
            type = outer;
        if (
            !OfTheHost.Contains(Name(route))
            && (
                type is null
                || !type.IsAssignableTo(typeof(ICarterModule))
                || code.Modules.All(module => module.Own.Assembly != type.Assembly)
            )
        )
            yield return $"{Name(route)} comes from no slice";
    }

    private static IEnumerable<string> Unguarded(RouteEndpoint route)
    {
        var guarded = route.Metadata.GetMetadata<AccessRequirement>() is not null;
        var anonymous = Anonymous.Contains(Name(route));
        if (!guarded && !anonymous)
            yield return $"{Name(route)} has no requirement";
        if (guarded && (anonymous || route.Metadata.GetMetadata<IAllowAnonymous>() is not null))
            yield return $"{Name(route)} is anonymous and has a requirement";
        if (
            guarded
            && Method(route)?.GetParameters().Any(parameter => parameter.ParameterType == typeof(IMessageBus)) == true
        )
            yield return $"{Name(route)} can publish before its caller is authorized";
    }

    private static readonly Type[] BodyTypes = [typeof(Body<>), typeof(OptionalBody<>)];

    private static IEnumerable<Type> Bodies(RouteEndpoint route) =>
        from parameter in Method(route)?.GetParameters() ?? []
        where
            parameter.ParameterType.IsGenericType
            && BodyTypes.Contains(parameter.ParameterType.GetGenericTypeDefinition())
        select parameter.ParameterType.GetGenericArguments()[0];

    private static Func<RouteEndpoint, IEnumerable<string>> Unvalidated(IServiceProvider services)
    {
        return Violations;

        IEnumerable<string> Violations(RouteEndpoint route)
        {
            var bodies = Bodies(route).ToList();
            foreach (
                var body in bodies.Where(body =>
                    services.GetService(typeof(IValidator<>).MakeGenericType(body)) is null
                )
            )
                yield return $"{Name(route)} has no validator for {body.Name}";
            if (
                !OtherBodies.Contains(Name(route))
                && route
                    .Metadata.GetOrderedMetadata<IAcceptsMetadata>()
                    .Any(accepts => accepts.RequestType is null || !bodies.Contains(accepts.RequestType))
            )
                yield return $"{Name(route)} reads a body of its own";
            foreach (var parameter in Method(route)?.GetParameters() ?? [])
            {
                if (
                    parameter.ParameterType == typeof(HttpRequest)
                    || parameter.ParameterType.IsAssignableTo(typeof(Stream))
                    || parameter.ParameterType == typeof(PipeReader)
                )
                    yield return $"{Name(route)} takes {parameter.ParameterType.Name}";
            }
        }
    }
}

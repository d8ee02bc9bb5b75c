using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Practice.Authorization;

namespace Practice.Bad.Features.Other.TwoEndpoints;

/// <summary>Rule 9: one of two slices in a folder that would pass for one workflow.</summary>
internal sealed class BadTwoEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/api/bad/two", () => "one of two").RequireSession();
}

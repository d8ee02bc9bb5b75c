using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Practice.Authorization;

namespace Practice.Bad.Features.Other.Workflow;

/// <summary>Not bad: the files of a workflow's folder are one slice, and use each other.</summary>
internal sealed class BadStart : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/bad/workflow", () => new BadStep("first").Name).RequireSession();
}

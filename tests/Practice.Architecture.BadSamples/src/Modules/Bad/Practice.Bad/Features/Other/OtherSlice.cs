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
    public static async Task<ErrorOr<Success>> Handle(BadSlice command)
    {
        await Task.Yield(); // its lines are in a type that the compiler makes
        return command is null ? Error.Failure() : Result.Success;
    }
}

// The tail of the file: as much the slice's own as its endpoint.
internal sealed record BadSliceView(Guid Id);

internal interface IBadSliceShape;

internal enum BadSliceKind
{
    One,
}

internal abstract class BadSliceBase;

internal delegate void BadSliceDone(Guid id);

internal static class BadSliceNumbers
{
    public static readonly int Most = 3;
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class BadSliceMarkAttribute : Attribute;

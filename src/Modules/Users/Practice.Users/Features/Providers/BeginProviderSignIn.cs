using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Providers;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Begins a sign-in with an identity provider. The person goes to <c>authorizeUrl</c>, and comes back to the page
/// <c>/sign-in/provider/{name}</c> of the public address.
/// </summary>
public sealed record BeginProviderSignIn(string Provider, string TokenHash) : Message, ICommand<Success>;

internal sealed class BeginProviderSignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/providers/{name}/start", Post)
            .AllowAnyone()
            .WithName(nameof(BeginProviderSignIn))
            .WithTags("Users")
            .Produces<ProviderSignInBegun>()
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        string name,
        IdentityProviders providers,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        return await bus.BeginAsync(found.Value, attempt => new BeginProviderSignIn(found.Value.Name, attempt), ct);
    }
}

public static class BeginProviderSignInHandler
{
    public static ErrorOr<Success> Handle(BeginProviderSignIn command, UsersDbContext db, TimeProvider clock)
    {
        db.ProviderAttempts.Add(ProviderAttempt.Begin(command.TokenHash, command.Provider, null, clock.GetUtcNow()));
        return Result.Success;
    }
}

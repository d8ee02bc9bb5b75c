using Microsoft.EntityFrameworkCore;
using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Providers;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Begins to connect an identity provider with the account that one is signed in to. The person goes to
/// <c>authorizeUrl</c>, and comes back to the page <c>/sign-in/provider/{name}</c> of the public address.
/// </summary>
public sealed record BeginProviderConnection(string Provider, string TokenHash) : Message, ICommand<Success>;

internal sealed class BeginProviderConnectionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/providers/{name}/start", Post)
            .RequireSession()
            .RequireVerified()
            .WithoutIdempotency() // the answer has a secret
            .WithName(nameof(BeginProviderConnection))
            .WithTags("Users")
            .Produces<ProviderSignInBegun>()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        string name,
        IdentityProviders providers,
        UsersDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var person = await db
            .Accounts.Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new
            {
                account.EmailConfirmed,
                Connected = db.ProviderLinks.Count(link => link.AccountId == account.Id),
            })
            .SingleAsync(ct);
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        if (!person.EmailConfirmed)
            return ProviderErrors.Unconfirmed.ToProblem();
        if (person.Connected >= ProviderLink.MaxPerPerson)
            return ProviderErrors.TooMany.ToProblem();
        return await bus.BeginAsync(found.Value, attempt => new BeginProviderConnection(found.Value.Name, attempt), ct);
    }
}

public static class BeginProviderConnectionHandler
{
    public static ErrorOr<Success> Handle(
        BeginProviderConnection command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock
    )
    {
        var (person, now) = (work.Caller.Person, clock.GetUtcNow());
        db.ProviderAttempts.Add(ProviderAttempt.Begin(command.TokenHash, command.Provider, person, now));
        return Result.Success;
    }
}

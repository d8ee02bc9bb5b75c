using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Connects an identity provider with the account that one is signed in to, with what the provider sent back. The
/// person proved who they are when they began, and the provider has confirmed that the account's email is theirs there.
/// </summary>
public sealed record ConnectProvider(string Provider, string Issuer, string Subject, string? Email, bool EmailVerified)
    : Message,
        ICommand<Success>;

internal sealed class ConnectProviderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/providers/{name}/complete", Post)
            .RequireSession()
            .WithName(nameof(ConnectProvider))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        string name,
        Body<ProviderAnswer> body,
        IdentityProviders providers,
        UsersDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var person = await db
            .Accounts.Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => account.Id)
            .SingleAsync(ct);
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        if (await bus.RedeemAsync(found.Value, read.Value, person, ct) is var redeemed && redeemed.IsError)
            return Problems.ToProblem(redeemed.Errors);
        if (await found.Value.WithEmailAsync(redeemed.Value, ct) is var asked && asked.IsError)
            return Problems.ToProblem(asked.Errors);
        var (identity, provider) = (asked.Value, found.Value.Name);
        var command = new ConnectProvider(
            provider,
            identity.Issuer,
            identity.Subject,
            identity.Email,
            identity.EmailVerified
        );
        return (await bus.SendAsync(command, ct)).ToHttp(() => Results.NoContent());
    }
}

public static class ConnectProviderHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ConnectProvider command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        await db.LockProviderSubjectAsync(command.Issuer, command.Subject, ct);
        if (await db.FindProviderLinkAsync(command.Issuer, command.Subject, ct) is { } known)
            return known.AccountId == account.Id ? Result.Success : ProviderErrors.OfAnotherAccount;
        // Else someone who learns a password could connect an account of their own, and sign in as a practice requires.
        if (command.Email is null || !command.EmailVerified)
            return ProviderErrors.EmailUnverified;
        if (EmailAddress.Normalize(command.Email) != account.NormalizedEmail)
            return ProviderErrors.OtherEmail;
        var link = ProviderLink.Of(account.Id, command.Provider, command.Issuer, command.Subject, clock.GetUtcNow());
        return await db.ConnectAsync(link, account, work, messages, ct) is { } refused ? refused : Result.Success;
    }
}

using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Completes a sign-in with an identity provider, with what it sent back. A connected account is signed in, after a
/// code where it uses two-factor authentication. An account that is not connected needs a proof of its own first.
/// </summary>
/// <param name="Email">In the provider's words; null where the account is connected, and nobody asks for it.</param>
/// <param name="EmailVerified">Whether the provider says that it is the person's.</param>
/// <param name="Address">Where the person is: known from then on.</param>
public sealed record CompleteProviderSignIn(
    string Provider,
    string Issuer,
    string Subject,
    string? Email,
    bool EmailVerified,
    string? Device,
    string Address
) : Message, ICommand<ProviderSignInView>;

internal sealed class CompleteProviderSignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/providers/{name}/complete", Post)
            .AllowAnyone()
            .WithName(nameof(CompleteProviderSignIn))
            .WithTags("Users")
            .Produces<ProviderSignInView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        string name,
        Body<ProviderAnswer> body,
        IdentityProviders providers,
        UsersDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var (provider, input) = (found.Value, read.Value);

        if (await bus.RedeemAsync(provider, input, accountId: null, ct) is var redeemed && redeemed.IsError)
            return Problems.ToProblem(redeemed.Errors);
        var identity = redeemed.Value;
        if (
            !await db.ProviderLinks.AnyAsync(
                link => link.Issuer == identity.Issuer && link.Subject == identity.Subject,
                ct
            )
        )
        {
            if (await provider.WithEmailAsync(identity, ct) is var asked && asked.IsError)
                return Problems.ToProblem(asked.Errors);
            identity = asked.Value;
        }

        var command = new CompleteProviderSignIn(
            provider.Name,
            identity.Issuer,
            identity.Subject,
            identity.Email,
            identity.EmailVerified,
            ClientName.Of(http.Request),
            ClientAddress.Of(http).ToString()
        );
        return (await bus.SendAsync(command, ct)).ToHttp(Results.Ok);
    }
}

public static class CompleteProviderSignInHandler
{
    public static async Task<ErrorOr<ProviderSignInView>> Handle(
        CompleteProviderSignIn command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var owner = await db
            .ProviderLinks.Where(link => link.Issuer == command.Issuer && link.Subject == command.Subject)
            .Select(link => (Guid?)link.AccountId)
            .SingleOrDefaultAsync(ct);
        if (owner is { } id && await db.LockAccountAsync(id, ct) is { } linked)
        {
            // Read under the lock: no session is opened with a connection that is being removed.
            var link = await db.FindProviderLinkAsync(command.Issuer, command.Subject, ct);
            if (link?.AccountId != id || linked.PasswordHasExpired(now))
                return ProviderErrors.Invalid;
            if (linked.TwoFactorEnabled)
                return AskFor(ProviderStep.Code, linked);
            var proof = new StepProof(command.Device, command.Address, PasswordShown: false, Counted: false);
            return ProviderSignInView.Of(await db.SignInWithAsync(link, linked, proof, work, messages, now, ct));
        }

        if (command.Email is null || !command.EmailVerified)
            return ProviderErrors.EmailUnverified;
        var email = EmailAddress.Normalize(command.Email);
        var account = await db
            .Accounts.AsNoTracking()
            .SingleOrDefaultAsync(account => account.NormalizedEmail == email && account.EmailConfirmed, ct);
        return account is null ? ProviderErrors.NoAccount : AskFor(ProviderStep.Link, account);

        ProviderSignInView AskFor(ProviderStep step, Account account)
        {
            var token = RandomToken.New();
            db.ProviderSignIns.Add(
                ProviderSignIn.Begin(
                    account,
                    command.Provider,
                    command.Issuer,
                    command.Subject,
                    step,
                    AuthorizationRequest.Hash(token),
                    now
                )
            );
            return new ProviderSignInView(null, new ProviderStepView(step, token));
        }
    }
}

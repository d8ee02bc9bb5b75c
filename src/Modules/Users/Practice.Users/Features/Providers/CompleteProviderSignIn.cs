using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Completes a sign-in with an identity provider, with what it sent back. A connected account is signed in, after a code
/// where it uses two-factor authentication. An account that is not connected needs a proof of its own first.
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

/// <param name="Attempt">From the call that began the sign-in.</param>
/// <param name="State">As the provider sent it back.</param>
/// <param name="Code">As the provider sent it; none if it sent an error.</param>
/// <param name="Issuer">As the provider sent it as <c>iss</c>, if it did.</param>
/// <param name="Error">As the provider sent it, in place of a code.</param>
internal sealed record CompleteProviderSignInInput(
    string? Attempt,
    string? State,
    string? Code,
    string? Issuer,
    string? Error
);

internal sealed class CompleteProviderSignInInputValidator : AbstractValidator<CompleteProviderSignInInput>
{
    /// <summary>Some providers send codes of more than a thousand letters.</summary>
    private const int LongestCode = 4096;

    public CompleteProviderSignInInputValidator()
    {
        RuleFor(input => input.Attempt).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.State).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Code).OptionalText(LongestCode);
        RuleFor(input => input.Issuer).OptionalText(1000);
        RuleFor(input => input.Error).OptionalText(1000);
    }
}

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
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        string name,
        Body<CompleteProviderSignInInput> body,
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

        var (attempt, secrets) = (AuthorizationRequest.Hash(input.Attempt!), new AttemptSecrets(input.Attempt!));
        var taken = await bus.InvokeAsSystemAsync(new TakeProviderAttempt(attempt, provider.Name), ct);
        if (taken.IsError)
            return Problems.ToProblem(taken.Errors);
        if (!taken.Value.IsFor || !secrets.IsState(input.State!))
            return ProviderErrors.Invalid.ToProblem();
        if (input.Error is not null || string.IsNullOrWhiteSpace(input.Code))
            return ProviderErrors.Refused.ToProblem();

        // No transaction is open while the provider is asked.
        var redeemed = await provider.RedeemAsync(input.Code, input.Issuer, secrets, ct);
        if (redeemed.IsError)
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
            var token = Secrets.NewToken();
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

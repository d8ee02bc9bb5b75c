using FluentValidation;
using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Connects an account with the identity provider that its owner has just signed in with, by the account's password,
/// and signs in. With two-factor authentication a code is asked for first.
/// </summary>
/// <param name="PasswordHash">
/// The hash that the password was verified against. If it has changed since, nothing happens.
/// </param>
public sealed record LinkProviderByPassword(
    string Provider,
    string TokenHash,
    string PasswordHash,
    string? Device,
    string Address
) : Message, ICommand<ProviderSignInView>;

/// <param name="Token">Of the step <c>link</c>.</param>
internal sealed record LinkProviderInput(string? Token, string? Password);

internal sealed class LinkProviderInputValidator : AbstractValidator<LinkProviderInput>
{
    public LinkProviderInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Password).RequiredText(PasswordLength.MaxUtf16Units);
    }
}

internal sealed class LinkProviderByPasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/providers/{name}/link", Post)
            .AllowAnyone()
            .WithName(nameof(LinkProviderByPassword))
            .WithTags("Users")
            .Produces<ProviderSignInView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        string name,
        Body<LinkProviderInput> body,
        IdentityProviders providers,
        UsersDbContext db,
        PasswordGate gate,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var tokenHash = AuthorizationRequest.Hash(read.Value.Token!);
        if (await db.FindStepOwnerAsync(tokenHash, ProviderStep.Link, ct) is not { } owner)
            return ProviderErrors.StepOver.ToProblem();

        if (await gate.BeginAsync(owner.NormalizedEmail, ct) is var begun && begun.IsError)
            return LockedOut.ToProblem(http, begun.Errors);
        using var attempt = begun.Value;
        var (hash, password) = (owner.PasswordHash, read.Value.Password!);
        if (await attempt.VerifyAsync(hash, password, PasswordErrors.WrongPassword, ct) is { IsError: true } failed)
            return Problems.ToProblem(failed.Errors);

        var linked = await bus.SendAsync(
            new LinkProviderByPassword(found.Value.Name, tokenHash, hash!, ClientName.Of(http.Request), gate.Address),
            ct
        );
        if (linked.IsError || linked.Value.Session is null) // the password was right
            await attempt.UndoAsync(ct);
        return linked.ToHttp(Results.Ok);
    }
}

public static class LinkProviderByPasswordHandler
{
    public static async Task<ErrorOr<ProviderSignInView>> Handle(
        LinkProviderByPassword command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var locked = await db.LockStepAsync(command.TokenHash, command.Provider, ProviderStep.Link, now, ct);
        if (locked.IsError)
            return locked.Errors;
        var (signIn, account) = locked.Value;
        if (account.PasswordHash != command.PasswordHash)
            return PasswordErrors.ChangedMeanwhile;

        return await db.ProveAsync(
            signIn,
            account,
            new StepProof(command.Device, command.Address, PasswordShown: true, Counted: true),
            work,
            messages,
            now,
            ct
        );
    }
}

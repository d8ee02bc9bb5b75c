using FluentValidation;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Practice.Users.Providers;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Ends a sign-in with an identity provider at an account with two-factor authentication, by a
/// code of the authenticator app or a recovery code.
/// </summary>
public sealed record EnterProviderCode(string Provider, string TokenHash, string Code, string? Device, string Address)
    : Message,
        ICommand<SignedIn>;

/// <param name="Token">Of the step <c>code</c>.</param>
internal sealed record ProviderCodeInput(string? Token, string? Code);

internal sealed class ProviderCodeInputValidator : AbstractValidator<ProviderCodeInput>
{
    public ProviderCodeInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Code).RequiredText(40);
    }
}

internal sealed class EnterProviderCodeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/providers/{name}/code", Post)
            .AllowAnyone()
            .WithName(nameof(EnterProviderCode))
            .WithTags("Users")
            .Produces<SignedIn>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        HttpContext http,
        string name,
        Body<ProviderCodeInput> body,
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
        if (await db.FindStepOwnerAsync(tokenHash, ProviderStep.Code, ct) is not { } owner)
            return ProviderErrors.StepOver.ToProblem();

        if (await gate.BeginAsync(owner.NormalizedEmail, ct) is var begun && begun.IsError)
            return LockedOut.ToProblem(http, begun.Errors);
        using var attempt = begun.Value;
        var command = new EnterProviderCode(
            found.Value.Name,
            tokenHash,
            read.Value.Code!,
            ClientName.Of(http.Request),
            gate.Address
        );
        return (await bus.SendAsync(command, ct)).ToHttp(Results.Ok);
    }
}

public static class EnterProviderCodeHandler
{
    public static async Task<ErrorOr<SignedIn>> Handle(
        EnterProviderCode command,
        UsersDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var locked = await db.LockStepAsync(command.TokenHash, command.Provider, ProviderStep.Code, now, ct);
        if (locked.IsError)
            return locked.Errors;
        var (signIn, account) = locked.Value;
        using var second = new SecondFactor(db, keys);
        // Without an app there is nothing to check: the sign-in starts again, and needs no code.
        if (!account.TwoFactorEnabled)
            return ProviderErrors.StepOver;
        if (!await second.UseCodeAsync(account, command.Code, now, ct))
            return TwoFactorErrors.WrongCode;

        return await db.FinishAsync(
            signIn,
            account,
            new StepProof(command.Device, command.Address, signIn.PasswordShown, Counted: true),
            work,
            messages,
            now,
            ct
        );
    }
}

using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Emails a link that connects an account with the identity provider that its owner has
/// just signed in with, in place of the password.
/// </summary>
/// <param name="RequestedFrom">Where the request came from, as a hash.</param>
public sealed record EmailProviderLink(string Provider, string TokenHash, string RequestedFrom)
    : Message,
        ICommand<Success>;

/// <param name="Token">Of the step <c>link</c>.</param>
internal sealed record EmailProviderLinkInput(string? Token);

internal sealed class EmailProviderLinkInputValidator : AbstractValidator<EmailProviderLinkInput>
{
    public EmailProviderLinkInputValidator() => RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
}

internal sealed class EmailProviderLinkEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/providers/{name}/link/email", Post)
            .AllowAnyone()
            .WithName(nameof(EmailProviderLink))
            .WithTags("Users")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        HttpContext http,
        string name,
        Body<EmailProviderLinkInput> body,
        IdentityProviders providers,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        if (await bus.CountEmailRequestAsync(http, changedBy: null, ct) is { } tooMany)
            return tooMany;
        var tokenHash = AuthorizationRequest.Hash(read.Value.Token!);
        var command = new EmailProviderLink(found.Value.Name, tokenHash, EmailRequests.SenderOf(http));
        return (await bus.SendAsync(command, ct)).ToHttp(() => Results.Accepted());
    }
}

public static class EmailProviderLinkHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        EmailProviderLink command,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (now, from) = (clock.GetUtcNow(), command.RequestedFrom);
        var locked = await db.LockStepAsync(command.TokenHash, command.Provider, ProviderStep.Link, now, ct);
        if (locked.IsError)
            return locked.Errors;
        var (signIn, account) = locked.Value;
        var (kind, provider) = (EmailKind.ConfirmProvider, command.Provider);
        await messages.PublishAsync(
            DeliverEmail.New(kind, account.Email, signIn.Id, requestedFrom: from, provider: provider)
        );
        return Result.Success;
    }
}

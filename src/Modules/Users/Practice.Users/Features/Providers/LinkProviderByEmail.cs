using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Providers;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Follows the mailed link that connects an account with an identity provider, and signs in. It works only together
/// with the token of the client that began: else a stranger could have the reader of the mailbox connect the stranger's
/// sign-in. With two-factor authentication a code is asked for first.
/// </summary>
/// <param name="LinkHash">Of the token in the email.</param>
public sealed record LinkProviderByEmail(
    string Provider,
    string TokenHash,
    string LinkHash,
    string? Device,
    string Address
) : Message, ICommand<ProviderSignInView>;

/// <param name="Token">Of the step <c>link</c>.</param>
/// <param name="MailedToken">From the link in the email.</param>
internal sealed record ConfirmProviderLinkInput(string? Token, string? MailedToken);

internal sealed class ConfirmProviderLinkInputValidator : AbstractValidator<ConfirmProviderLinkInput>
{
    public ConfirmProviderLinkInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.MailedToken).RequiredText(Link.MaxTokenLength);
    }
}

internal sealed class LinkProviderByEmailEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in/providers/{name}/link/confirm", Post)
            .AllowAnyone()
            .WithName(nameof(LinkProviderByEmail))
            .WithTags("Users")
            .Produces<ProviderSignInView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        HttpContext http,
        string name,
        Body<ConfirmProviderLinkInput> body,
        IdentityProviders providers,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (providers.Find(name) is var found && found.IsError)
            return Problems.ToProblem(found.Errors);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var command = new LinkProviderByEmail(
            found.Value.Name,
            AuthorizationRequest.Hash(read.Value.Token!),
            AuthorizationRequest.Hash(read.Value.MailedToken!),
            ClientName.Of(http.Request),
            ClientAddress.Of(http).ToString()
        );
        return (await bus.SendAsync(command, ct)).ToHttp(Results.Ok);
    }
}

public static class LinkProviderByEmailHandler
{
    public static async Task<ErrorOr<ProviderSignInView>> Handle(
        LinkProviderByEmail command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var link = await db.FindOpenLinkAsync(command.LinkHash, now, ct, LinkPurpose.LinkProvider);
        if (link.IsError)
            return link.Errors;
        var locked = await db.LockStepAsync(command.TokenHash, command.Provider, ProviderStep.Link, now, ct);
        if (locked.IsError)
            return locked.Errors;
        var (signIn, account) = locked.Value;
        if (link.Value.SubjectId != signIn.Id)
            return ProviderErrors.StepOver;
        if (!await db.UseLinkAsync(link.Value, now, ct))
            return LinkErrors.Expired;

        return await db.ProveAsync(
            signIn,
            account,
            new StepProof(command.Device, command.Address, PasswordShown: false, Counted: false),
            work,
            messages,
            now,
            ct
        );
    }
}

using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Features.Accounts;

/// <summary>
/// Follows the link that was sent to a new address, in a session of the account that asked for it: its email changes.
/// </summary>
public sealed record ConfirmNewEmail(Body<NewEmailLink> Body) : Message, ICommand<Success>;

public sealed record NewEmailLink(string? Token);

internal sealed class NewEmailLinkValidator : AbstractValidator<NewEmailLink>
{
    public NewEmailLinkValidator() => RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
}

internal sealed class ConfirmNewEmailEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/email/confirm", Post)
            .RequireSession()
            .WithName(nameof(ConfirmNewEmail))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<NewEmailLink> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ConfirmNewEmail(body), ct)).ToHttp(Results.NoContent);
}

public static class ConfirmNewEmailHandler
{
    private static Error OfAnotherAccount { get; } =
        ApiError.Conflict(
            "users.link_of_another_account",
            "Another account asked for this email. Sign in to that account, or enter its password."
        );

    public static async Task<ErrorOr<Success>> Handle(
        ConfirmNewEmail command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (hash, now) = (AuthorizationRequest.Hash(read.Value.Token!), clock.GetUtcNow());
        if (await db.FindOpenLinkAsync(hash, now, ct, LinkPurpose.ChangeEmail) is var link && link.IsError)
            return link.Errors;

        var changed = await db.ChangeEmailAsync(
            link.Value,
            account => account.Id == work.Caller.Person ? null : OfAnotherAccount,
            work,
            messages,
            now,
            ct
        );
        return changed.Then(_ => Result.Success);
    }
}

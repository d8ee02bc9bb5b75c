using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Preferences;

/// <summary>
/// Follows the unsubscribe link of an email: switches its category off. It can be repeated and does nothing else.
/// </summary>
public sealed record Unsubscribe(string TokenHash, EmailCategory Category) : Message, ICommand<Success>;

/// <param name="Category">
/// What the person was told that the link stops; a link for another one is not followed. By default, and in links of
/// earlier releases, onboarding.
/// </param>
internal sealed record UnsubscribeInput(string? Token, EmailCategory? Category = null);

internal sealed class UnsubscribeInputValidator : AbstractValidator<UnsubscribeInput>
{
    public UnsubscribeInputValidator() => RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
}

internal sealed class UnsubscribeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/unsubscribe", Post)
            .AllowAnyone()
            .WithName(nameof(Unsubscribe))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<UnsubscribeInput> body, IModuleBus bus, CancellationToken ct)
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var (token, category) = (read.Value.Token!, read.Value.Category ?? EmailCategory.Onboarding);
        return (await bus.SendAsync(new Unsubscribe(AuthorizationRequest.Hash(token), category), ct)).ToHttp(
            Results.NoContent
        );
    }
}

public static class UnsubscribeHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        Unsubscribe command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var purpose = Link.Stops(command.Category);
        var link = await db.FindOpenLinkAsync(command.TokenHash, clock.GetUtcNow(), ct, purpose);
        if (link.IsError)
            return link.Errors;
        var (subject, category) = (link.Value.SubjectId, new { Kind = command.Category });
        if (await db.LockMailPreferencesAsync(subject, ct) is { } theirs)
        {
            if (theirs.Wants(command.Category))
                work.Audit(UserAudit.Unsubscribed, theirs.AccountId, null, category, by: theirs.AccountId);
            theirs.Stop(command.Category);
        }
        else if (command.Category == EmailCategory.Reminders)
        {
            if (await db.StopAddressAsync(subject, clock.GetUtcNow(), ct))
                work.Audit(UserAudit.Unsubscribed, subject, null, category);
        }
        else
        {
            return LinkErrors.Expired;
        }

        return Result.Success;
    }
}

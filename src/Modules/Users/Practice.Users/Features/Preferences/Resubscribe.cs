using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Preferences;

/// <summary>
/// Switches a category of emails on again, with the link that switched it off: for people who clicked by mistake, or
/// have no account. It can be repeated and does nothing else.
/// </summary>
public sealed record Resubscribe(string TokenHash, EmailCategory Category) : Message, ICommand<Success>;

/// <param name="Category">What the link switched off.</param>
internal sealed record ResubscribeInput(string? Token, EmailCategory? Category);

internal sealed class ResubscribeInputValidator : AbstractValidator<ResubscribeInput>
{
    public ResubscribeInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Category).Required();
    }
}

internal sealed class ResubscribeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/resubscribe", Post)
            .AllowAnyone()
            .WithName(nameof(Resubscribe))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<ResubscribeInput> body, IModuleBus bus, CancellationToken ct)
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var (token, category) = (read.Value.Token!, read.Value.Category!.Value);
        return (await bus.SendAsync(new Resubscribe(AuthorizationRequest.Hash(token), category), ct)).ToHttp(
            Results.NoContent
        );
    }
}

public static class ResubscribeHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        Resubscribe command,
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
            if (!theirs.Wants(command.Category))
                work.Audit(UserAudit.Resubscribed, theirs.AccountId, null, category, by: theirs.AccountId);
            theirs.Resume(command.Category);
        }
        else if (await db.StoppedAddresses.Where(address => address.Id == subject).ExecuteDeleteAsync(ct) > 0)
        {
            work.Audit(UserAudit.Resubscribed, subject, null, category);
        }

        return Result.Success;
    }
}

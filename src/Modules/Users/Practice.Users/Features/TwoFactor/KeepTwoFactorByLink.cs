using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features.TwoFactor;

/// <summary>
/// Follows the link of the email that announces the end of two-factor authentication: it stays on. The link can be
/// followed repeatedly and does nothing else.
/// </summary>
public sealed record KeepTwoFactorByLink(string TokenHash) : Message, ICommand<Success>;

internal sealed record KeepTwoFactorInput(string? Token);

internal sealed class KeepTwoFactorInputValidator : AbstractValidator<KeepTwoFactorInput>
{
    public KeepTwoFactorInputValidator() => RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
}

internal sealed class KeepTwoFactorByLinkEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/keep-two-factor", Post)
            .AllowAnyone()
            .WithName(nameof(KeepTwoFactorByLink))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<KeepTwoFactorInput> body, IModuleBus bus, CancellationToken ct)
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var command = new KeepTwoFactorByLink(AuthorizationRequest.Hash(read.Value.Token!));
        return (await bus.SendAsync(command, ct)).ToHttp(Results.NoContent);
    }
}

public static class KeepTwoFactorByLinkHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        KeepTwoFactorByLink command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var link = await db.FindOpenLinkAsync(command.TokenHash, clock.GetUtcNow(), ct, LinkPurpose.KeepTwoFactor);
        if (link.IsError)
            return link.Errors;
        if (await db.LockAccountAsync(link.Value.SubjectId, ct) is not { } account)
            return LinkErrors.Expired;

        work.KeepTwoFactor(account);
        return Result.Success;
    }
}

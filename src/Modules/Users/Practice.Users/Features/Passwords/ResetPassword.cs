using FluentValidation;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features.Passwords;

/// <summary>Follows the link of a forgotten password: sets a new one and ends all sessions, but for those that may
/// stop the end of a lost second factor. Without two-factor authentication it also unlocks sign-in.</summary>
/// <param name="LostSecondFactor"> The authenticator app and the recovery codes are lost. Two-factor authentication
/// ends in 24 hours, so that someone who reads the mailbox without right can be stopped: the person is told by email
/// and in each session that has shown a second factor, which stay open for that.
/// </param>
public sealed record ResetPassword(
    string TokenHash,
    string PasswordHash,
    string? Device,
    string Address,
    bool LostSecondFactor
) : Message, ICommand<Success>;

/// <param name="LostSecondFactor">
/// For accounts with two-factor authentication whose app and recovery codes are lost: it ends in 24 hours, unless the
/// person stops that. Without two-factor authentication it does nothing.
/// </param>
internal sealed record ResetPasswordInput(string? Token, string? Password, bool? LostSecondFactor);

internal sealed class ResetPasswordInputValidator : AbstractValidator<ResetPasswordInput>
{
    public ResetPasswordInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Password).Password(_ => []);
    }
}

internal sealed class ResetPasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/reset-password", Post)
            .AllowAnyone()
            .WithName(nameof(ResetPassword))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<ResetPasswordInput> body,
        UsersDbContext db,
        PasswordHashing passwords,
        TimeProvider clock,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var tokenHash = AuthorizationRequest.Hash(read.Value.Token!);
        var link = await db.FindOpenLinkAsync(tokenHash, clock.GetUtcNow(), ct, LinkPurpose.ResetPassword);
        if (link.IsError)
            return Problems.ToProblem(link.Errors);

        var hash = await db.HashNewPasswordAsync(link.Value.SubjectId, read.Value.Password, passwords, ct);
        if (hash.IsError)
            return Problems.ToProblem(hash.Errors);

        return (
            await bus.SendAsync(
                new ResetPassword(
                    tokenHash,
                    hash.Value,
                    ClientName.Of(http.Request),
                    ClientAddress.Of(http).ToString(),
                    read.Value.LostSecondFactor ?? false
                ),
                ct
            )
        ).ToHttp(Results.NoContent);
    }
}

public static class ResetPasswordHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ResetPassword command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var link = await db.FindOpenLinkAsync(command.TokenHash, now, ct, LinkPurpose.ResetPassword);
        if (link.IsError)
            return link.Errors;

        var recovered = await db.RecoverAsync(
            link.Value,
            command.PasswordHash,
            command.Device,
            command.Address,
            command.LostSecondFactor,
            work,
            messages,
            now,
            ct
        );
        if (recovered.IsError)
            return recovered.Errors;

        var account = recovered.Value;
        await messages.WarnOwnerAsync(account, EmailKind.PasswordChanged);
        return Result.Success;
    }
}

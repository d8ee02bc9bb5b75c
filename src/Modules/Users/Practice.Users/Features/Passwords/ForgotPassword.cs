using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.Users.Features.Passwords;

/// <summary>
/// Emails a link to set a new password, if the email has an account. The caller is answered before the account is
/// looked up. The identity is the name of earlier versions: messages may have waited through an upgrade.
/// </summary>
/// <param name="RequestedFrom">Where the request came from, as a hash; null in messages of an earlier version.</param>
[MessageIdentity("Practice.Users.Features.ForgotPassword")]
public sealed record ForgotPassword(string Email, string? RequestedFrom = null) : Message;

internal sealed record ForgotPasswordInput(string? Email);

internal sealed class ForgotPasswordInputValidator : AbstractValidator<ForgotPasswordInput>
{
    public ForgotPasswordInputValidator() => RuleFor(input => input.Email).EmailOfAccount();
}

internal sealed class ForgotPasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/forgot-password", Post)
            .AllowAnyone()
            .WithName(nameof(ForgotPassword))
            .WithTags("Users")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<ForgotPasswordInput> body,
        IModuleBus modules,
        IMessageBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        if (await modules.CountEmailRequestAsync(http, changedBy: null, ct) is { } tooMany)
            return tooMany;
        await bus.PublishAsync(new ForgotPassword(read.Value.Email!, EmailRequests.SenderOf(http)));
        return Results.Accepted();
    }
}

public static class ForgotPasswordHandler
{
    public static async Task Handle(
        ForgotPassword request,
        UsersDbContext db,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(request.Email);
        var account = await db
            .Accounts.AsNoTracking()
            .SingleOrDefaultAsync(account => account.NormalizedEmail == email, ct);
        if (account is not null)
            await messages.PublishAsync(
                DeliverEmail.New(
                    EmailKind.ResetPassword,
                    account.Email,
                    account.Id,
                    requestedFrom: request.RequestedFrom
                )
            );
    }
}

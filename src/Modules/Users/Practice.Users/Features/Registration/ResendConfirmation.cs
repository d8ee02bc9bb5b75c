using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Email;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.Users.Features.Registration;

/// <summary>
/// Emails the confirmation link again, if there is something to confirm. The caller is answered before anything is
/// looked up: neither the answer nor its timing reveals whether there is. The identity is the name of earlier versions:
/// messages may have waited through an upgrade.
/// </summary>
/// <param name="RequestedFrom">Where the request came from, as a hash; null in messages of an earlier version.</param>
[MessageIdentity("Practice.Users.Features.ResendConfirmation")]
public sealed record ResendConfirmation(string Email, string? RequestedFrom = null) : Message;

internal sealed record ResendConfirmationInput(string? Email);

internal sealed class ResendConfirmationInputValidator : AbstractValidator<ResendConfirmationInput>
{
    public ResendConfirmationInputValidator() => RuleFor(input => input.Email).EmailOfAccount();
}

internal sealed class ResendConfirmationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/resend-confirmation", Post)
            .AllowAnyone()
            .WithName(nameof(ResendConfirmation))
            .WithTags("Users")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<ResendConfirmationInput> body,
        IModuleBus modules,
        IMessageBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        if (await modules.CountEmailRequestAsync(http, changedBy: null, ct) is { } tooMany)
            return tooMany;
        await bus.PublishAsync(new ResendConfirmation(read.Value.Email!, EmailRequests.SenderOf(http)));
        return Results.Accepted();
    }
}

public static class ResendConfirmationHandler
{
    private const int MaxAtOnce = 3;

    public static async Task Handle(
        ResendConfirmation request,
        UsersDbContext db,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(request.Email);
        var account = await db
            .Accounts.AsNoTracking()
            .SingleOrDefaultAsync(account => account.NormalizedEmail == email, ct);
        if (account is { EmailConfirmed: false })
            await messages.PublishAsync(
                DeliverEmail.New(
                    EmailKind.ConfirmAccount,
                    account.Email,
                    account.Id,
                    requestedFrom: request.RequestedFrom
                )
            );
        if (account is not null)
            return;

        // Each email describes its sign-up: the newest one alone could be someone else's, with a password that they
        // know.
        var signUps = await db
            .PendingSignUps.AsNoTracking()
            .Where(signUp => signUp.NormalizedEmail == email)
            .OrderByDescending(signUp => signUp.Id)
            .Take(MaxAtOnce)
            .ToListAsync(ct);
        foreach (var signUp in signUps)
            await messages.PublishAsync(
                DeliverEmail.New(EmailKind.ConfirmSignUp, signUp.Email, signUp.Id, requestedFrom: request.RequestedFrom)
            );
    }
}

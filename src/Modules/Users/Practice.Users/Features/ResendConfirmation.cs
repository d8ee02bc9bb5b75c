using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.Features;

/// <summary>
/// Mails the confirmation link once more, where there is something to confirm. Who asked was answered before anybody
/// looked: neither the answer nor its time tells whether there is.
/// </summary>
public sealed record ResendConfirmation(string Email) : Message;

internal sealed record ResendConfirmationInput(string? Email);

internal sealed class ResendConfirmationInputValidator : AbstractValidator<ResendConfirmationInput>
{
    public ResendConfirmationInputValidator() => RuleFor(input => input.Email).Email();
}

internal sealed class ResendConfirmationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/api/users/resend-confirmation", Post)
        .AllowAnonymous()
        .WithName(nameof(ResendConfirmation)).WithTags("Users")
        .Produces(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Post(Body<ResendConfirmationInput> body, IMessageBus bus)
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        await bus.PublishAsync(new ResendConfirmation(read.Value.Email!));
        return Results.Accepted();
    }
}

public static class ResendConfirmationHandler
{
    public static async Task Handle(ResendConfirmation request, UsersDbContext db, TimeProvider clock, IMessageContext messages, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(request.Email);
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.NormalizedEmail == email, ct);
        var signUp = account is not null ? null : await db.PendingSignUps.AsNoTracking()
            .Where(signUp => signUp.NormalizedEmail == email).OrderByDescending(signUp => signUp.Id).FirstOrDefaultAsync(ct);

        var mail =
            account is { EmailConfirmed: false } ? DeliverMail.New(Letter.ConfirmAccount, account.Email, account.Id)
            : signUp is not null ? DeliverMail.New(Letter.ConfirmSignUp, signUp.Email, signUp.Id)
            : null;
        if (mail is not null && !await db.HasBeenMailedEnoughAsync(mail.SubjectId, clock.GetUtcNow(), ct))
            await messages.PublishAsync(mail);
    }
}

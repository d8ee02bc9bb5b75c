using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.Features;

/// <summary>Mails a link to set a new password, where the email has an account; answered before anybody looked whether it has.</summary>
public sealed record ForgotPassword(string Email) : Message;

internal sealed record ForgotPasswordInput(string? Email);

internal sealed class ForgotPasswordInputValidator : AbstractValidator<ForgotPasswordInput>
{
    public ForgotPasswordInputValidator() => RuleFor(input => input.Email).Email();
}

internal sealed class ForgotPasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/forgot-password", Post)
            .AllowAnyone()
            .AllowAnonymous()
            .WithName(nameof(ForgotPassword))
            .WithTags("Users")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Post(Body<ForgotPasswordInput> body, IMessageBus bus)
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        await bus.PublishAsync(new ForgotPassword(read.Value.Email!));
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
            await messages.PublishAsync(DeliverMail.New(Letter.ResetPassword, account.Email, account.Id));
    }
}

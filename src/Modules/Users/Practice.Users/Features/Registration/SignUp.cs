using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features.Registration;

/// <summary>
/// Starts a sign-up. The account is created when the emailed link is followed. The answer does not reveal whether the
/// email has an account.
/// </summary>
public sealed record SignUp(
    Guid Id,
    string? Title,
    string FirstName,
    string LastName,
    string Email,
    string PasswordHash,
    string RequestedFrom
) : Message, ICommand<Success>;

/// <param name="Password">12 to 128 characters; easily guessed ones are rejected.</param>
internal sealed record SignUpInput(string? Title, string? FirstName, string? LastName, string? Email, string? Password);

internal sealed class SignUpInputValidator : AbstractValidator<SignUpInput>
{
    public SignUpInputValidator()
    {
        RuleFor(input => input.Title).OptionalText(NameLengths.Title);
        RuleFor(input => input.FirstName).RequiredText(NameLengths.Name);
        RuleFor(input => input.LastName).RequiredText(NameLengths.Name);
        RuleFor(input => input.Email).Email();
        RuleFor(input => input.Password).Password(input => [input.Email, input.FirstName, input.LastName]);
    }
}

internal sealed class SignUpEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-up", Post)
            .AllowAnyone()
            .WithName(nameof(SignUp))
            .WithTags("Users")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<SignUpInput> body,
        PasswordHashing passwords,
        TimeProvider clock,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;
        if (await bus.CountEmailRequestAsync(http, changedBy: null, ct) is { } tooMany)
            return tooMany;
        if (await passwords.HashAsync(input.Password!, ct) is var hash && hash.IsError)
            return Problems.ToProblem(hash.Errors);

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        return (
            await bus.SendAsync(
                new SignUp(
                    id,
                    input.Title,
                    input.FirstName!,
                    input.LastName!,
                    input.Email!,
                    hash.Value,
                    EmailRequests.SenderOf(http)
                ),
                ct
            )
        ).ToHttp(() => Results.Created((string?)null, new NewResource(id)));
    }
}

public static class SignUpHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SignUp command,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var signUp = PendingSignUp.Begin(
            command.Id,
            command.Title,
            command.FirstName,
            command.LastName,
            command.Email,
            command.PasswordHash,
            clock.GetUtcNow()
        );
        // Another request may be creating an account with this email: the second one must see the first.
        await db.LockEmailAsync(signUp.NormalizedEmail, ct);
        var owner = await db
            .Accounts.Where(account => account.NormalizedEmail == signUp.NormalizedEmail)
            .Select(account => new { account.Id, account.Email })
            .SingleOrDefaultAsync(ct);
        if (owner is null)
        {
            db.PendingSignUps.Add(signUp);
            await messages.PublishAsync(
                DeliverEmail.New(EmailKind.ConfirmSignUp, signUp.Email, signUp.Id, requestedFrom: command.RequestedFrom)
            );
        }
        else
        {
            await messages.PublishAsync(
                DeliverEmail.New(
                    EmailKind.AlreadyRegistered,
                    owner.Email,
                    owner.Id,
                    requestedFrom: command.RequestedFrom
                )
            );
        }

        return Result.Success;
    }
}

using System.Text.Json;
using FluentValidation;
using Practice.Shared.Idempotency;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passkeys;
using Wolverine;

namespace Practice.Users.Features.Passkeys;

/// <summary>Adds a passkey. From then on it signs the person in, without a password or a code.</summary>
public sealed record AddPasskey(string? State, string Credential, string Name) : Message, ICommand<PasskeyView>;

/// <param name="Name">What the person calls it, such as the device that has it.</param>
internal sealed record AddPasskeyInput(Guid? AttemptId, string? Name, JsonElement Credential);

internal sealed class AddPasskeyInputValidator : AbstractValidator<AddPasskeyInput>
{
    public AddPasskeyInputValidator()
    {
        RuleFor(input => input.AttemptId).Required();
        RuleFor(input => input.Name).RequiredText(Passkey.MaxNameLength);
        RuleFor(input => input.Credential).Credential();
    }
}

internal sealed class AddPasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/passkeys", Post)
            .RequireSession()
            .WithoutIdempotency() // an attempt works once
            .WithName(nameof(AddPasskey))
            .WithTags("Users")
            .Produces<PasskeyView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Body<AddPasskeyInput> body,
        UsersDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;

        var taken = await bus.TakeOwnAttemptAsync(db, input.AttemptId!.Value, PasskeyPurpose.Add, ct);
        if (taken.IsError)
            return Problems.ToProblem(taken.Errors);
        var command = new AddPasskey(taken.Value.State, input.Credential.GetRawText(), input.Name!.Trim());
        return (await bus.SendAsync(command, ct)).ToHttp(added =>
            Results.Created($"/api/users/me/passkeys/{added.Id}", added)
        );
    }
}

public static class AddPasskeyHandler
{
    public static async Task<ErrorOr<PasskeyView>> Handle(
        AddPasskey command,
        UsersDbContext db,
        UnitOfWork work,
        PasskeyVerifier passkeys,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        // The account may have been taken over meanwhile, without the passkeys set up before.
        if (await work.AuthorizeAgainAsync(ct) is { } ended)
            return ended;
        if (await db.HasAllPasskeysAsync(account.Id, ct))
            return PasskeyErrors.TooMany;

        var now = clock.GetUtcNow();
        var (state, credential) = (command.State, command.Credential);
        if (await passkeys.AddAsync(db, account, state, credential, command.Name, now, ct) is not { } added)
            return PasskeyErrors.NotAccepted;

        await db.SecondFactorShownAsync(work.Caller.SessionId!.Value, ct);
        await messages.WarnOwnerAsync(account, EmailKind.PasskeyAdded);
        work.Audit(UserAudit.PasskeyAdded, account.Id, null, new { PasskeyId = added.Id });
        return PasskeyView.Of(added);
    }
}

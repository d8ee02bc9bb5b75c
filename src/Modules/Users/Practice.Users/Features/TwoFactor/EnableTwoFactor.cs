using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Features.TwoFactor;

/// <summary>
/// Turns two-factor authentication on, with a code that shows that the app has the key. Other sessions end: they have
/// shown no second factor.
/// </summary>
public sealed record EnableTwoFactor(Body<TwoFactorInput> Body) : Message, ICommand<TwoFactorEnabled>;

/// <param name="RecoveryCodes">Each is good once, in place of the app. They are shown here and nowhere again.</param>
public sealed record TwoFactorEnabled(IReadOnlyList<string> RecoveryCodes);

internal sealed class EnableTwoFactorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/two-factor/enable", Post)
            .RequireSession()
            .WithoutIdempotency()
            .WithName(nameof(EnableTwoFactor))
            .WithTags("Users")
            .Produces<TwoFactorEnabled>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<TwoFactorInput> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new EnableTwoFactor(body), ct)).ToHttp(Results.Ok);
}

public static class EnableTwoFactorHandler
{
    public static async Task<ErrorOr<TwoFactorEnabled>> Handle(
        EnableTwoFactor command,
        UsersDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        if (account.TwoFactorEnabled)
            return TwoFactorErrors.Enabled;

        using var second = new SecondFactor(db, keys);
        if (!await second.HasKeyAsync(account))
            return TwoFactorErrors.NotSetUp;
        if (!await second.UseAppCodeAsync(account, read.Value.Code!, clock.GetUtcNow(), ct))
            return TwoFactorErrors.WrongCode;

        account.KeepTwoFactor(); // a host of an earlier release leaves the time when it was to end
        var codes = await second.EnableAsync(account);
        await db.SecondFactorShownAsync(work.Caller.SessionId!.Value, ct);
        await db.EndSessionsWithoutSecondFactorAsync(account.Id, clock.GetUtcNow(), ct);
        await messages.WarnOwnerAsync(account, EmailKind.TwoFactorEnabled);
        work.Audit(UserAudit.TwoFactorEnabled, account.Id, null);
        return new TwoFactorEnabled(codes);
    }
}

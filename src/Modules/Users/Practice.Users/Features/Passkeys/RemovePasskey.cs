using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.Features.Passkeys;

/// <summary>
/// Removes a passkey, and ends all other sessions: who had the lost device may be signed in with it.
/// </summary>
public sealed record RemovePasskey(Guid PasskeyId) : Message, ICommand<Success>;

internal sealed class RemovePasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/users/me/passkeys/{passkeyId:guid}", Delete)
            .RequireSession()
            .RequireVerified()
            .WithName(nameof(RemovePasskey))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Delete(Guid passkeyId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RemovePasskey(passkeyId), ct)).ToHttp(Results.NoContent);
}

public static class RemovePasskeyHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RemovePasskey command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        var removed = await db
            .Passkeys.Where(passkey => passkey.Id == command.PasskeyId && passkey.UserId == account.Id)
            .ExecuteDeleteAsync(ct);
        if (removed == 0)
            return CommonErrors.NotFound;

        await db.EndSessionsAsync(account.Id, clock.GetUtcNow(), except: work.Caller.SessionId, ct);
        if (!account.TwoFactorEnabled && !await db.Passkeys.AnyAsync(passkey => passkey.UserId == account.Id, ct))
            await db.SecondFactorRemovedAsync(account.Id, ct);
        await messages.WarnOwnerAsync(account, EmailKind.PasskeyRemoved);
        work.Audit(UserAudit.PasskeyRemoved, account.Id, null, new { command.PasskeyId });
        return Result.Success;
    }
}

using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.Features.Providers;

/// <summary>
/// Disconnects an identity provider, and ends all other sessions: they may have been opened with it. This one no longer
/// counts as begun with it, if it was.
/// </summary>
public sealed record UnlinkProvider(Guid LinkId) : Message, ICommand<Success>;

internal sealed class UnlinkProviderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/users/me/providers/{linkId:guid}", Delete)
            .RequireSession()
            .RequireVerified()
            .WithName(nameof(UnlinkProvider))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Delete(Guid linkId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new UnlinkProvider(linkId), ct)).ToHttp(Results.NoContent);
}

public static class UnlinkProviderHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        UnlinkProvider command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        var link = await db.ProviderLinks.SingleOrDefaultAsync(
            link => link.Id == command.LinkId && link.AccountId == account.Id,
            ct
        );
        if (link is null)
            return CommonErrors.NotFound;

        db.ProviderLinks.Remove(link);
        // What waits for a step was confirmed by the provider, too.
        await db.ProviderSignIns.Where(signIn => signIn.AccountId == account.Id).ExecuteDeleteAsync(ct);
        await db.EndSessionsAsync(account.Id, clock.GetUtcNow(), except: work.Caller.SessionId, ct);
        if (work.Caller.SessionId is { } session)
            await db.ForgetIssuerAsync(session, link, ct);
        await messages.WarnOwnerAsync(account, EmailKind.ProviderUnlinked, provider: link.Provider);
        work.Audit(UserAudit.ProviderUnlinked, account.Id, null, new { ProviderLinkId = link.Id, link.Provider });
        return Result.Success;
    }
}

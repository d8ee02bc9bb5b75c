using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Sessions;

/// <summary>
/// Exchanges a refresh token for a new pair. A token works once: a second use means that someone has a copy.
/// </summary>
public sealed record RefreshSession(string TokenHash, DateTimeOffset ReceivedAt) : Message, ICommand<SessionRefreshed>;

/// <param name="SignedIn">
/// The new pair. Null if the token was used before and its session was ended for that, which an error would roll back.
/// </param>
public sealed record SessionRefreshed(SignedIn? SignedIn);

internal sealed record RefreshInput(string? RefreshToken);

internal sealed class RefreshInputValidator : AbstractValidator<RefreshInput>
{
    public RefreshInputValidator() => RuleFor(input => input.RefreshToken).RequiredText(200);
}

internal sealed class RefreshSessionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/refresh", Post)
            .AllowAnyone()
            .WithName(nameof(RefreshSession))
            .WithTags("Users")
            .Produces<SignedIn>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);

    private static async Task<IResult> Post(
        Body<RefreshInput> body,
        TimeProvider clock,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);

        var refreshed = await bus.SendAsync(
            new RefreshSession(AuthorizationRequest.Hash(read.Value.RefreshToken!), clock.GetUtcNow()),
            ct
        );
        return refreshed.ToHttp(answer =>
            answer.SignedIn is { } pair ? Results.Ok(pair) : RefreshSessionHandler.Invalid.ToProblem()
        );
    }
}

public static class RefreshSessionHandler
{
    internal static Error Invalid { get; } =
        ApiError.Create(
            StatusCodes.Status401Unauthorized,
            "users.refresh_token_invalid",
            "This refresh token is not valid, or no longer valid. Sign in again."
        );

    public static async Task<ErrorOr<SessionRefreshed>> Handle(
        RefreshSession command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var family = await (
            from token in db.RefreshTokens
            join session in db.Sessions on token.SessionId equals session.Id
            where token.TokenHash == command.TokenHash
            select new { session.Id, session.AccountId }
        ).SingleOrDefaultAsync(ct);
        if (family is null || await db.LockAccountAsync(family.AccountId, ct) is not { } account)
            return Invalid;

        // Read under the lock: nobody else is refreshing or ending this session now. Expired rows may be deleted at any
        // moment.
        var current = await db.RefreshTokens.SingleOrDefaultAsync(token => token.TokenHash == command.TokenHash, ct);
        var open = await db.Sessions.SingleOrDefaultAsync(session => session.Id == family.Id, ct);
        if (current is null || open is null || !open.IsOpen(now) || account.PasswordHasExpired(now))
            return Invalid;
        if (current.UsedAt is { } used)
        {
            // A second request that was sent before the first was answered is a double click, not a thief.
            if (command.ReceivedAt <= used)
                return Invalid;
            await db.EndSessionAsync(open.Id, now, ct);
            work.Audit(
                UserAudit.SessionEnded,
                account.Id,
                null,
                new { SessionId = open.Id, Reason = SessionEndReason.RefreshTokenReused.Code() }
            );
            return new SessionRefreshed(null);
        }

        // Without its answer the client would send the old token again, and be taken for a thief.
        await work.WaitForNoStandbyAsync(ct);
        await db.RefreshTokens.Where(past => past.SessionId == open.Id && past.ExpiresAt < now).ExecuteDeleteAsync(ct);
        open.Seen(now);
        var pair = await db.IssueTokensAsync(open, account, now, ct);
        await db.KeepVerificationAsync(open, ct);
        current.Use(clock.GetUtcNow()); // as late as possible: no client has an answer before this
        return new SessionRefreshed(pair);
    }
}

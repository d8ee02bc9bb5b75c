using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Features.Accounts;

/// <summary>The signed-in person's own account.</summary>
/// <param name="TwoFactorEndsAt">
/// When two-factor authentication ends, since someone reset the password by email and said that it is lost; null
/// otherwise. The person can stop that.
/// </param>
internal sealed record MeView(
    Guid Id,
    string? Title,
    string FirstName,
    string LastName,
    string Email,
    bool EmailConfirmed,
    bool MustChangePassword,
    bool TwoFactorEnabled,
    DateTimeOffset? TwoFactorEndsAt
);

internal sealed class ReadMeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me", Get)
            .RequireSession(temporaryPassword: true)
            .WithName("GetMe")
            .WithSummary("The signed-in person's own account, with the version that changing it asks for.")
            .WithTags("Users")
            .Produces<MeView>();

    private static async Task<IResult> Get(HttpContext http, UsersDbContext db, CancellationToken ct)
    {
        var me = await db
            .Accounts.AsNoTracking()
            .Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new
            {
                account.Version,
                View = new MeView(
                    account.Id,
                    account.Title,
                    account.FirstName,
                    account.LastName,
                    account.Email!,
                    account.EmailConfirmed,
                    account.MustChangePassword,
                    account.TwoFactorEnabled,
                    account.TwoFactorEndsAt
                ),
            })
            .SingleAsync(ct);
        return ETags.Ok(http, me.View, me.Version);
    }
}

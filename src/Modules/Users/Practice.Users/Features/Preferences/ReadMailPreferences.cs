using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Features.Preferences;

/// <summary>
/// Which categories of email the person wants. Emails that protect the account belong to none: they are always sent.
/// </summary>
/// <param name="NewSignIns">Sign-ins with a new device or from a new place.</param>
/// <param name="Reminders">Of appointments: the person's own, or those of whom they act for.</param>
internal sealed record MailPreferencesView(
    bool Onboarding,
    bool Invitations,
    bool Memberships,
    bool Portal,
    bool NewSignIns,
    bool Reminders
);

internal sealed class ReadMailPreferencesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/mail-preferences", Get)
            .RequireSession()
            .WithName("GetMailPreferences")
            .WithSummary(
                "Which categories of email the person wants. Emails that protect the account belong to none: "
                    + "they are always sent."
            )
            .WithTags("Users")
            .Produces<MailPreferencesView>();

    private static async Task<IResult> Get(HttpContext http, UsersDbContext db, CancellationToken ct)
    {
        var chosen = await db
            .MailPreferences.AsNoTracking()
            .SingleOrDefaultAsync(mine => mine.AccountId == UsersDbContext.CurrentUserId(), ct)
            ?? Domain.MailPreferences.Of(Guid.Empty);
        return ETags.Ok(
            http,
            new MailPreferencesView(
                chosen.Onboarding,
                chosen.Invitations,
                chosen.Memberships,
                chosen.Portal,
                chosen.NewSignIns,
                chosen.Reminders
            ),
            chosen.Version
        );
    }
}

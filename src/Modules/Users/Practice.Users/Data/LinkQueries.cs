using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

/// <summary>Finds and uses up emailed links, whatever they are for.</summary>
internal static class LinkQueries
{
    /// <summary>They give no access, so what uses up the others leaves them open.</summary>
    private static readonly LinkPurpose[] OnlyStop =
    [
        LinkPurpose.KeepTwoFactor,
        .. Enum.GetValues<EmailCategory>().Select(Link.Stops),
    ];

    public static async Task<ErrorOr<Link>> FindOpenLinkAsync(
        this UsersDbContext db,
        string tokenHash,
        DateTimeOffset now,
        CancellationToken ct,
        params LinkPurpose[] purposes
    )
    {
        var link = await db
            .Links.AsNoTracking()
            .SingleOrDefaultAsync(link => link.TokenHash == tokenHash && purposes.Contains(link.Purpose), ct);
        return link is null ? LinkErrors.Invalid
            : link.IsOpen(now) ? link
            : LinkErrors.Expired;
    }

    /// <summary>Uses up this link; false if another request has just used it.</summary>
    public static async Task<bool> UseLinkAsync(
        this UsersDbContext db,
        Link followed,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db
            .Links.Where(link => link.TokenHash == followed.TokenHash && link.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct) > 0;

    /// <summary>
    /// Uses up the subject's open links, all or those for <paramref name="purpose"/>. Links that only stop something
    /// stay open.
    /// </summary>
    public static Task UseLinksAsync(
        this UsersDbContext db,
        Guid subjectId,
        DateTimeOffset now,
        LinkPurpose? purpose,
        CancellationToken ct
    ) =>
        db
            .Links.Where(link =>
                link.SubjectId == subjectId
                && link.UsedAt == null
                && link.ExpiresAt > now
                && (purpose == null ? !OnlyStop.Contains(link.Purpose) : link.Purpose == purpose)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct);

    /// <summary>
    /// Uses up every open link of the account, whatever it does: they went to an address that it no longer has.
    /// </summary>
    public static Task UseEveryLinkAsync(
        this UsersDbContext db,
        Guid accountId,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        db
            .Links.Where(link => link.SubjectId == accountId && link.UsedAt == null && link.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct);
}

internal static class LinkErrors
{
    public static Error Invalid { get; } =
        ApiError.Unprocessable("users.link_invalid", "We did not send this link. Check that you copied all of it.");

    public static Error Expired { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "users.link_expired",
            "This link was used or replaced, or is too old. Request a new one."
        );
}

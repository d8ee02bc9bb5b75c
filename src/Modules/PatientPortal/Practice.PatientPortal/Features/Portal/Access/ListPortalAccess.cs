using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>A person accessing the account, as its holder sees them.</summary>
/// <param name="PausedBy">The practices that keep their records from the person for now.</param>
/// <param name="Name">Null where the person did not request access: then the holder knows only the address.</param>
internal sealed record GrantView(
    Guid GrantId,
    string? Name,
    string Email,
    PortalRole Role,
    PortalLevel Level,
    GrantStatus Status,
    DateTimeOffset RequestedAt,
    DateOnly? EndsOn,
    IReadOnlyList<string> PausedBy
)
{
    /// <summary>A grant past its last day gives no access, so it is shown as disabled.</summary>
    /// <param name="today">In the account's time zone.</param>
    /// <param name="pauses">Of the account. Mostly there are none, and to compare addresses takes time.</param>
    public static GrantView Of(GrantRow grant, DateOnly today, List<AccountPause> pauses) =>
        new(
            grant.Id,
            grant.Name,
            grant.Email,
            grant.Role,
            grant.Level,
            grant.StatusOn(today),
            grant.RequestedAt,
            grant.EndsOn,
            pauses.Count == 0 ? [] : pauses.PracticesOf(grant.Paused)
        );
}

/// <param name="Name">Null where the person did not request access.</param>
/// <param name="AnyPaused">Whether a practice keeps its records from anybody: rare, and then asked by itself.</param>
internal sealed record GrantRow(
    Guid Id,
    Guid? UserId,
    string? Name,
    string Email,
    PortalRole Role,
    PortalLevel Level,
    GrantStatus Status,
    DateTimeOffset RequestedAt,
    DateOnly? EndsOn,
    bool AnyPaused
)
{
    public bool MayHaveEnded => this is { Status: GrantStatus.Current, EndsOn: not null };

    /// <summary>What names the person in the pauses of practices.</summary>
    public PausedPerson Paused => PausedPerson.Of(UserId, Name is null ? EmailAddress.Normalize(Email) : null);

    public GrantStatus StatusOn(DateOnly today) => MayHaveEnded ? Grant.StatusOn(Status, EndsOn, today) : Status;

    /// <summary>What the entity tag is made of: see <see cref="Grant.StateForHolder(DateOnly)"/>.</summary>
    public string StateOn(DateOnly today) =>
        Grant.StateForHolder(Id, Name, Email, Role, Level, StatusOn(today), EndsOn);

    /// <summary>Those of the account that its holder may see at this time.</summary>
    /// <remarks>Parameters: the account, and when a request that expires now was made.</remarks>
    public const string Query =
        "select id, user_id, case when asked_role is not null then user_name end, user_email, role, level, status, "
        + "requested_at, ends_on, "
        + "exists (select from portal.access_pauses where account_id = $1 and resumed_at is null) "
        + "from portal.grants "
        + "where account_id = $1 and status <> 'Withdrawn' and (status <> 'Pending' or requested_at > $2) ";

    public static GrantRow Read(DbDataReader row) =>
        new(
            row.GetGuid(0),
            row.IsDBNull(1) ? null : row.GetGuid(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.GetString(3),
            Enum.Parse<PortalRole>(row.GetString(4)),
            Enum.Parse<PortalLevel>(row.GetString(5)),
            Enum.Parse<GrantStatus>(row.GetString(6)),
            row.GetFieldValue<DateTimeOffset>(7),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateOnly>(8),
            row.GetBoolean(9)
        );
}

/// <summary>Who has, or has requested, access to the account. For its holder.</summary>
internal sealed class ListPortalAccessEndpoint : ICarterModule
{
    /// <summary>After every id: the list begins at its end.</summary>
    private static readonly Guid Last = Guid.AllBitsSet;

    private static readonly DirectRead<GrantRow> Page = new(
        GrantRow.Query + "and id < $3 order by id desc limit $4",
        GrantRow.Read
    );

    private static readonly DirectRead<GrantRow> One = new(GrantRow.Query + "and id = $3", GrantRow.Read);

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/portal/accounts/{accountId:guid}/access", List)
            .RequireAccount(holder: true)
            .WithName("ListPortalAccess")
            .WithTags("Portal access")
            .Produces<Page<GrantView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/portal/accounts/{accountId:guid}/access/{grantId:guid}", Get)
            .RequireAccount(holder: true)
            .WithName("ReadPortalAccess")
            .WithSummary("One person with access to the account, with the version that changing it asks for.")
            .WithTags("Portal access")
            .Produces<GrantView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> List(
        Guid accountId,
        Paging paging,
        DirectReads<PatientPortalDbContext> reads,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var now = clock.GetUtcNow();
        var rows = await reads.ListAsync(
            Page.With(accountId, now - Grant.WaitingPeriod, after.Value ?? Last, paging.Limit + 1),
            ct
        );
        var today = await TodayAsync(db, accountId, rows.Exists(row => row.MayHaveEnded), now, ct);
        var pauses = await PausesAsync(db, accountId, rows.Exists(row => row.AnyPaused), ct);
        return Results.Ok(paging.Page(rows, row => GrantView.Of(row, today, pauses), row => [row.Id]));
    }

    private static async Task<IResult> Get(
        Guid accountId,
        Guid grantId,
        DirectReads<PatientPortalDbContext> reads,
        PatientPortalDbContext db,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        if (await reads.FindAsync(One.With(accountId, now - Grant.WaitingPeriod, grantId), ct) is not { } found)
            return CommonErrors.NotFound.ToProblem();
        var today = await TodayAsync(db, accountId, found.MayHaveEnded, now, ct);
        var pauses = await PausesAsync(db, accountId, found.AnyPaused, ct);
        return ETags.Ok(http, GrantView.Of(found, today, pauses), found.StateOn(today));
    }

    /// <summary>The day in the account's time zone. Few grants have a last day: it is asked only for these.</summary>
    private static async Task<DateOnly> TodayAsync(
        PatientPortalDbContext db,
        Guid accountId,
        bool any,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        any
            ? PortalDays.Today(
                now,
                await db.Accounts.Where(account => account.Id == accountId).Select(a => a.TimeZone).SingleAsync(ct)
            )
            : default;

    /// <summary>What practices have paused of this account.</summary>
    private static async Task<List<AccountPause>> PausesAsync(
        PatientPortalDbContext db,
        Guid accountId,
        bool any,
        CancellationToken ct
    ) => any ? await db.PausesOf(accountId).ToListAsync(ct) : [];
}

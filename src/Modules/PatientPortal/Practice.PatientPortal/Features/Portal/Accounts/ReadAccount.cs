using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>The account's profile, and the practices it is linked to.</summary>
public sealed record ReadAccount(Guid AccountId) : Message, ICommand<AccountView>;

/// <param name="Role">The caller's role in the account.</param>
public sealed record AccountView(
    Guid Id,
    string FirstName,
    string LastName,
    DateOnly DateOfBirth,
    string? Phone,
    string? Address,
    string TimeZone,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    IReadOnlyList<PracticeView> Practices,
    uint Version
);

public sealed record PracticeView(Guid GroupId, string Name);

internal sealed class ReadAccountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}", Get)
            .RequireAccount()
            .WithName(nameof(ReadAccount))
            .WithTags("Portal accounts")
            .Produces<AccountProfile>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, IModuleBus bus, HttpContext http, CancellationToken ct) =>
        (await bus.SendAsync(new ReadAccount(accountId), ct)).ToHttp(account =>
            ETags.Ok(http, AccountProfile.Of(account), account.Version)
        );
}

internal sealed record AccountProfile(
    Guid Id,
    string FirstName,
    string LastName,
    DateOnly DateOfBirth,
    string? Phone,
    string? Address,
    string TimeZone,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    IReadOnlyList<PracticeView> Practices
)
{
    public static AccountProfile Of(AccountView account) =>
        new(
            account.Id,
            account.FirstName,
            account.LastName,
            account.DateOfBirth,
            account.Phone,
            account.Address,
            account.TimeZone,
            account.Relation,
            account.Role,
            account.Level,
            account.Practices
        );
}

public static class ReadAccountHandler
{
    public static async Task<ErrorOr<AccountView>> Handle(
        ReadAccount command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var account = await db.OpenAccountAsync(work, AccessLogAction.Profile, clock.GetUtcNow(), ct);
        var caller = work.Caller.Account;
        var practices = await db
            .Patients.Where(patient => patient.AccountId == account.Id)
            .Select(patient => new PracticeView(patient.GroupId, patient.PracticeName))
            .Distinct()
            .ToListAsync(ct);
        return new AccountView(
            account.Id,
            account.FirstName,
            account.LastName,
            account.DateOfBirth,
            account.Phone,
            account.Address,
            account.TimeZone,
            AccountRelations.Of(caller.Relation),
            PortalRoles.Of(caller.CanEdit),
            PortalRoles.LevelOf(caller.Clinical),
            [.. practices.OrderBy(practice => practice.Name, StringComparer.OrdinalIgnoreCase)],
            account.Version
        );
    }
}

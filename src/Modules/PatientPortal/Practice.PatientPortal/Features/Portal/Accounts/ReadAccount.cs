using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>The account's profile, with the version that changing it asks for.</summary>
public sealed record ReadAccount(Guid AccountId) : Message, ICommand<AccountRead>;

public sealed record AccountRead(AccountProfile Account, uint Version);

/// <summary>The account's profile, and the practices it is linked to.</summary>
/// <param name="Role">The caller's role in the account.</param>
public sealed record AccountProfile(
    Guid Id,
    string FirstName,
    string LastName,
    DateOnly DateOfBirth,
    string? Phone,
    string? Address,
    EmergencyContact? EmergencyContact,
    string TimeZone,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    IReadOnlyList<PracticeView> Practices,
    IReadOnlyList<PracticeContact> ContactAtPractices
);

public sealed record PracticeView(Guid GroupId, string Name);

/// <summary>How a practice would reach the person: it may have changed since what the account says.</summary>
public sealed record PracticeContact(
    Guid GroupId,
    string Name,
    string? Phone,
    string? Address,
    EmergencyContact? EmergencyContact
);

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
        (await bus.SendAsync(new ReadAccount(accountId), ct)).ToHttp(read =>
            ETags.Ok(http, read.Account, read.Version)
        );
}

public static class ReadAccountHandler
{
    public static async Task<ErrorOr<AccountRead>> Handle(
        ReadAccount command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var account = await db.OpenAccountAsync(work, AccessLogAction.Profile, clock.GetUtcNow(), subjectId: null, ct);
        var caller = work.Caller.Account;
        var patients = await db
            .Patients.Where(patient => patient.AccountId == account.Id)
            .Select(patient => new PracticeContact(
                patient.GroupId,
                patient.PracticeName,
                patient.Phone,
                patient.Address,
                patient.EmergencyContact
            ))
            .ToListAsync(ct);
        var profile = new AccountProfile(
            account.Id,
            account.FirstName,
            account.LastName,
            account.DateOfBirth,
            account.Phone,
            account.Address,
            account.EmergencyContact,
            account.TimeZone,
            AccountRelations.Of(caller.Relation),
            PortalRoles.Of(caller.CanEdit),
            PortalRoles.LevelOf(caller.Clinical),
            [.. ByName(patients.Select(patient => new PracticeView(patient.GroupId, patient.Name)).Distinct())],
            [.. patients.OrderBy(patient => patient.Name, StringComparer.OrdinalIgnoreCase)]
        );
        return new AccountRead(profile, account.Version);
    }

    private static IEnumerable<PracticeView> ByName(IEnumerable<PracticeView> practices) =>
        practices.OrderBy(practice => practice.Name, StringComparer.OrdinalIgnoreCase);
}

using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Changes phone and address, and tells every linked practice who changed them. Only the holder may change the time
/// zone, because ages and last days depend on it, and correct the date of birth, which no practice may rely on yet.
/// </summary>
public sealed record ChangeDetails(Guid AccountId, IfMatch IfMatch, Body<AccountDetails> Body)
    : Message,
        ICommand<Success>;

/// <param name="TimeZone">An IANA time zone; absent: unchanged.</param>
/// <param name="DateOfBirth">Corrected; absent: unchanged.</param>
public sealed record AccountDetails(string? Phone, string? Address, string? TimeZone, DateOnly? DateOfBirth = null);

internal sealed class AccountDetailsValidator : AbstractValidator<AccountDetails>
{
    public AccountDetailsValidator(TimeProvider clock)
    {
        RuleFor(details => details.Phone).OptionalText(40);
        RuleFor(details => details.Address).OptionalMultilineText(300);
        RuleFor(details => details.TimeZone).TimeZone().When(details => details.TimeZone is not null);
        RuleFor(details => details.DateOfBirth).DateOfBirth(clock).When(details => details.DateOfBirth is not null);
    }
}

internal sealed class ChangeDetailsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/portal/accounts/{accountId:guid}/details", Put)
            .RequireAccount(edit: true)
            .WithName(nameof(ChangeDetails))
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid accountId,
        IfMatch ifMatch,
        Body<AccountDetails> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeDetails(accountId, ifMatch, body), ct)).ToHttp(() => Results.NoContent());
}

public static class ChangeDetailsHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeDetails command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (account, now) = ((await db.LockAccountAsync(command.AccountId, ct))!, clock.GetUtcNow());
        if (await work.AuthorizeAgainAsync(ct) is { } ended)
            return ended; // the access may have ended while this waited for the lock
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, account.Version) is { } stale)
            return stale;

        var (details, moved) = (read.Value, read.Value.TimeZone is { } zone && zone != account.TimeZone);
        var born = details.DateOfBirth is { } date && date != account.DateOfBirth ? date : (DateOnly?)null;
        if ((moved || born is not null) && work.Caller.Account.Relation == PortalRelation.Granted)
            return AuthorizationErrors.NotTheHolder;
        if (born is { } corrected && await CorrectAsync(db, work, account, corrected, options.Value, now, ct) is { } no)
            return no;

        account.Describe(
            details.Phone.NullIfBlank(),
            details.Address.NullIfBlank(),
            details.TimeZone ?? account.TimeZone
        );
        if (moved || born is not null)
            await db.RecalculateAccessAsync(account, options.Value, ct);
        if (born is not null && account.IsDependant)
            foreach (var guardian in await db.Guardians.Where(g => g.AccountId == account.Id).ToListAsync(ct))
                await messages.ScheduleAsync(GuardianWarnings.Upcoming(account, guardian, options.Value, now));

        var name = await AccessLogging.RecordAsync(db, work, account, AccessLogAction.DetailsChanged, now, ct);
        var sender = (work.Caller.UserId, name);
        var text = $"Phone: {account.Phone ?? "none"}. Address: {account.Address ?? "none"}.";
        foreach (var patient in await db.FindLinkedPatientsAsync(account.Id, null, ct))
            db.Requests.Add(
                PortalRequest.Send(patient, account.Id, RequestKind.ContactDetails, text, sender, account.Name, now)
            );
        work.Audit(PortalAudit.DetailsChanged, account.Id, null);
        return Result.Success;
    }

    /// <summary>
    /// A claim compares this date, so it must not change under a link: the account is locked, and a claim waits.
    /// </summary>
    private static async Task<Error?> CorrectAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        PortalAccount account,
        DateOnly corrected,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        using (work.ActInAccount(account.Id)) // also what the caller does not see
        {
            if (await db.Patients.AnyAsync(patient => patient.AccountId == account.Id, ct))
                return PortalErrors.AccountLinked;
        }

        var before = account.DateOfBirth;
        if (
            account.IsDependant
            && corrected > before
            && Ages.Reached(before, options.ClinicalAge) <= Ages.Today(now, options.TimeZone)
        )
            return PortalErrors.ClinicalAgeReached;
        account.CorrectDateOfBirth(corrected);
        if (
            account.IsDependant
            && account.IsOfAge(options, now)
            && !await db.Guardians.AnyAsync(
                guardian =>
                    guardian.AccountId == account.Id
                    && guardian.UserId == work.Caller.Person
                    && guardian.Relationship == Relationship.LegalGuardian,
                ct
            )
        )
            return PortalErrors.DependantOfAge;
        work.Audit(PortalAudit.DateOfBirthCorrected, account.Id, null, new { from = before, to = corrected });
        return null;
    }
}

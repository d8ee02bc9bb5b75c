using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Audit;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Changes phone, address and emergency contact. What changed is changed in each linked patient too, and the practice
/// is told by whom; what a practice has changed since stays with it otherwise. Only the holder may change the time
/// zone, because ages and last days depend on it, and correct the date of birth, which no practice may rely on yet.
/// </summary>
public sealed record ChangeDetails(Guid AccountId, IfMatch IfMatch, Body<AccountDetails> Body)
    : Message,
        ICommand<Success>;

/// <param name="TimeZone">An IANA time zone; absent: unchanged.</param>
/// <param name="DateOfBirth">Corrected; absent: unchanged.</param>
public sealed record AccountDetails(
    string? Phone,
    string? Address,
    string? TimeZone,
    DateOnly? DateOfBirth = null,
    EmergencyContact? EmergencyContact = null
);

internal sealed class AccountDetailsValidator : AbstractValidator<AccountDetails>
{
    public AccountDetailsValidator(TimeProvider clock, IOptions<PortalOptions> options)
    {
        RuleFor(details => details.Phone).PhoneNumber(options.Value);
        RuleFor(details => details.Address).PostalAddress();
        RuleFor(details => details.EmergencyContact!)
            .SetValidator(new EmergencyContactValidator(options))
            .When(details => details.EmergencyContact is not null);
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
        var patients = await db.LockLinkedPatientsAsync(work, command.AccountId, null, forChange: true, ct);
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

        var before = account.Contact;
        var contact = ContactDetails.Of(details.Phone, details.Address, details.EmergencyContact);
        if (contact == before && !moved && born is null)
            return Result.Success;
        List<Patient> changed = [];
        foreach (var patient in patients)
            if (await FollowAsync(db, work, patient, before, contact, ct))
            {
                changed.Add(patient);
                await messages.PublishAsync(new ContactChanged(patient.GroupId, patient.Id, work.Caller.UserId));
                await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Changed));
            }
        account.Describe(contact, details.TimeZone ?? account.TimeZone);
        if (moved || born is not null)
            await db.RecalculateAccessAsync(account, options.Value, ct);
        if (born is not null && account.IsDependant)
            foreach (var guardian in await db.Guardians.Where(g => g.AccountId == account.Id).ToListAsync(ct))
                await messages.ScheduleAsync(GuardianWarnings.Upcoming(account, guardian, options.Value, now));

        var name = await AccessLogging.RecordAsync(
            db,
            work,
            account,
            AccessLogAction.DetailsChanged,
            now,
            subjectId: null,
            ct
        );
        var sender = (work.Caller.UserId, name);
        var text = Describe(contact);
        foreach (var patient in changed)
            db.Requests.Add(
                PortalRequest.Send(patient, account.Id, RequestKind.ContactDetails, text, sender, account.Name, now)
            );
        work.Audit(PortalAudit.DetailsChanged, account.Id, null, new { Changes = before.ChangesTo(contact) });
        return Result.Success;
    }

    private static string Describe(ContactDetails contact)
    {
        var emergency = contact.EmergencyContact is { } other
            ? $"{other.Name}, {other.Phone}{(other.Relation is null ? null : $" ({other.Relation})")}"
            : "none";
        return $"Phone: {contact.Phone ?? "none"}. Address: {contact.Address ?? "none"}. "
            + $"Emergency contact: {emergency}.";
    }

    /// <returns>Whether it changes what the practice has.</returns>
    private static async Task<bool> FollowAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        ContactDetails before,
        ContactDetails after,
        CancellationToken ct
    )
    {
        var (old, now) = (patient.Contact, patient.Contact.Follow(before, after));
        if (now == old)
            return false;
        using var asSystem = work.ActAsSystemIn(patient.GroupId);
        patient.Reach(now);
        work.Audit(
            PortalAudit.PatientContactChanged,
            patient.Id,
            patient.GroupId,
            new { patient.AccountId, Changes = old.ChangesTo(now) }
        );
        await db.SaveChangesAsync(ct);
        return true;
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
            && Ages.Reached(before, options.ClinicalAge) <= PortalDays.Today(now, options.TimeZone)
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
        work.Audit(
            PortalAudit.DateOfBirthCorrected,
            account.Id,
            null,
            new { Changes = new[] { new AuditChange("dateOfBirth", null, null) } }
        );
        return null;
    }
}

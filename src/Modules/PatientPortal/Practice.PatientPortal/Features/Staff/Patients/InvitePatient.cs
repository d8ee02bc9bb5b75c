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
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// Invites a patient to the portal by email, or a patient's guardian by the guardian's email, which only members may
/// choose who can see all records, invoices and appointments of the patient. An earlier one of the same address for the
/// same patient stays open until one of them is claimed, unless what it allows differs: people open the older email
/// too. A patient with an own account has no guardian to invite. Guardians are told when the person whose account they
/// run is invited to take it over.
/// </summary>
public sealed record InvitePatient(Guid GroupId, Guid PatientId, OptionalBody<PatientInvite> Body)
    : Message,
        ICommand<Success>;

/// <param name="GuardianEmail">The guardian's address; absent: the patient is invited at their own.</param>
/// <param name="GuardianUntil">For an adult's legal guardian, the last day that the practice has verified.</param>
public sealed record PatientInvite(string? GuardianEmail, DateOnly? GuardianUntil);

internal sealed class PatientInviteValidator : AbstractValidator<PatientInvite>
{
    public PatientInviteValidator()
    {
        RuleFor(invite => invite.GuardianEmail).Email().When(invite => invite.GuardianEmail is not null);
        RuleFor(invite => invite.GuardianUntil)
            .Must((invite, until) => until is null || invite.GuardianEmail is not null)
            .WithMessage("Enter the guardian's email too.")
            .PlausibleEnd();
    }
}

internal sealed class InvitePatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/invite", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(InvitePatient))
            .WithTags("Patients")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        OptionalBody<PatientInvite> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new InvitePatient(groupId, patientId, body), ct)).ToHttp(() => Results.Accepted());
}

public static class InvitePatientHandler
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    public static async Task<ErrorOr<Success>> Handle(
        InvitePatient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        PeopleLimit limit,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        await db.LockInvitationsAsync(command.GroupId, command.PatientId, ct);
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (command.Body.ReadOr(new(null, null)) is var read && read.IsError)
            return read.Errors;
        if (patient.IsArchived)
            return PortalErrors.PatientArchived;

        var ((guardianEmail, guardianUntil), now) = (read.Value, clock.GetUtcNow());
        if (guardianUntil < PortalDays.Today(now, options.Value.TimeZone))
            return PortalErrors.EndsInPast;
        if (guardianEmail is not null && work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden; // the mail would show the name
        if ((guardianEmail ?? patient.Email) is not { } email)
            return PortalErrors.EmailMissing;

        if (guardianEmail is not null && await db.WhyNotShowToAnotherAsync(work, patient, ct) is { } hidden)
            return hidden;

        var normalized = EmailAddress.Normalize(email);
        var earlier = db.UnclaimedInvitations.Where(invitation =>
            invitation.PatientId == patient.Id && invitation.NormalizedEmail == normalized
        );
        if (await earlier.AnyAsync(invitation => invitation.CreatedAt > now - Pause, ct))
            return PortalErrors.InvitedJustNow;
        if (await WhyTooManyAsync(db, work, limit, command.GroupId, normalized, now, ct) is { } tooMany)
            return tooMany;
        if (
            guardianEmail is not null
            && patient.AccountId is { } linkedId
            && !await IsDependantAsync(db, work, linkedId, ct)
        )
            return PortalErrors.AlreadyLinked; // a guardian claims for a dependant, and this account is nobody's
        if (
            guardianEmail is null
            && patient.AccountId is { } accountId
            && !await OfferTakeoverAsync(db, work, patient, accountId, options.Value, now, messages, ct)
        )
            return PortalErrors.AlreadyLinked;

        await earlier
            .Where(invitation =>
                invitation.ForGuardian != (guardianEmail != null) || invitation.GuardianUntil != guardianUntil
            )
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.WithdrawnAt, now), ct);
        var made = PatientInvitation.Make(patient, email, guardianEmail is not null, guardianUntil, now);
        db.PatientInvitations.Add(made);
        await TellAsync(work, patient, made, messages);
        return Result.Success;
    }

    /// <summary>Invitations that were withdrawn count too: each of them was mailed.</summary>
    private static async Task<Error?> WhyTooManyAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        PeopleLimit limit,
        Guid groupId,
        string address,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (limit.AreOff)
            return null;
        await db.LockInvitationsAsync(groupId, ct);
        var since = now - TimeSpan.FromDays(1);
        using var asSystem = work.ActAsSystemIn(groupId); // also those that the caller does not see
        var ofDay = db.PatientInvitations.Where(i => i.GroupId == groupId && i.CreatedAt > since);
        if (await ofDay.CountAsync(i => i.NormalizedEmail == address, ct) >= PatientInvitation.MaxToAddressADay)
            return PortalErrors.AddressInvitedOften;
        return await ofDay.CountAsync(ct) >= limit.ADay(groupId, now) ? PortalErrors.TooManyInvited : null;
    }

    /// <summary>
    /// A dependant who is now of age is invited to take the account over, and their guardians are told. False for any
    /// other account.
    /// </summary>
    private static async Task<bool> OfferTakeoverAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        Guid accountId,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        PortalAccount account;
        List<Guardian> guardians;
        using (work.ActInAccount(accountId))
        {
            account = await db.Accounts.AsNoTracking().SingleAsync(one => one.Id == accountId, ct);
            if (!account.IsDependant || !account.IsOfAge(options, now))
                return false;
            guardians = await db
                .Guardians.AsNoTracking()
                .Where(guardian => guardian.AccountId == accountId)
                .ToListAsync(ct);
        }

        foreach (var guardian in guardians.Where(one => one.Opens(patient.GroupId, account, options, now)))
            await messages.PublishAsync(
                new TakeoverInvited(accountId, guardian.UserId, account.Name, patient.PracticeName, patient.GroupId)
            );
        return true;
    }

    private static async Task<bool> IsDependantAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Guid accountId,
        CancellationToken ct
    )
    {
        using var inAccount = work.ActInAccount(accountId);
        return await db.Accounts.AnyAsync(account => account.Id == accountId && account.UserId == null, ct);
    }

    /// <summary>The audit, the email and the webhooks.</summary>
    private static async Task TellAsync(
        UnitOfWork work,
        Patient patient,
        PatientInvitation made,
        IMessageContext messages
    )
    {
        work.Audit(
            PortalAudit.PatientInvited,
            patient.Id,
            patient.GroupId,
            new
            {
                made.Id,
                made.ForGuardian,
                made.GuardianUntil,
                To = made.Email,
            }
        );
        await messages.PublishAsync(
            new PatientInvited(
                patient.GroupId,
                patient.PracticeName,
                made.Id,
                made.Email,
                made.ForGuardian,
                patient.FirstName
            )
        );
        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Invited));
    }
}

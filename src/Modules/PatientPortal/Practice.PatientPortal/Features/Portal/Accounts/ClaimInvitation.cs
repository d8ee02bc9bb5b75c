using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Claims a practice's invitation: links its patient to the caller's own account or to a dependant's. The invitation
/// must have gone to the caller's confirmed email, the patient's date of birth must be the account's, and so must the
/// first name unless the caller accepts another. A person without an account gets one in the same transaction, so a
/// claim that fails leaves nothing behind. A person of full age takes over the account that guardians ran for them;
/// if other practices are linked to it, which have not invited the person, they get a new account with this
/// practice's records, and the guardians keep the others.
/// </summary>
public sealed record ClaimInvitation(Body<Claim> Body) : Message, ICommand<Success>;

/// <param name="AccountId">A dependant's account; absent: one's own.</param>
/// <param name="DateOfBirth">One's own, for a person who has no account yet.</param>
/// <param name="AcceptDifferentName">The records are shown although the first names differ.</param>
public sealed record Claim(string? Token, Guid? AccountId, DateOnly? DateOfBirth, bool AcceptDifferentName = false);

internal sealed class ClaimValidator : AbstractValidator<Claim>
{
    public ClaimValidator(TimeProvider clock)
    {
        RuleFor(claim => claim.Token).RequiredText(200);
        RuleFor(claim => claim.DateOfBirth).DateOfBirth(clock).When(claim => claim.DateOfBirth is not null);
    }
}

internal sealed class ClaimInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/claims", Post)
            .RequirePortal()
            .WithName(nameof(ClaimInvitation))
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <summary>
    /// The attempt is counted first, in a transaction of its own: that of a failed claim is rolled back.
    /// </summary>
    private static async Task<IResult> Post(
        Body<Claim> body,
        PatientPortalDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is { IsError: false, Value.Token: { } token } && InvitationTokens.GroupOf(token) is { } groupId)
        {
            var me = await db
                .Database.SqlQuery<Guid>($"select authority.current_user_id() as \"Value\"")
                .SingleAsync(ct);
            var email = EmailAddress.Normalize((await bus.GetAccountAsync(me, ct)).Email);
            var attempt = new TakeClaimAttempt(groupId, AuthorizationRequest.Hash(token), email);
            if (await bus.InvokeAsSystemAsync(attempt, ct) is { IsError: true } locked)
                return locked.Errors[0].ToProblem();
        }

        return (await bus.SendAsync(new ClaimInvitation(body), ct)).ToHttp(() => Results.NoContent());
    }
}

public static class ClaimInvitationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ClaimInvitation command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var person = await bus.GetAccountAsync(work.Caller.Person, ct);
        if (!person.EmailConfirmed)
            return PortalErrors.EmailNotConfirmed;

        // Opening an account at the same moment, or taking over another one, must not give the person two.
        await db.LockPersonAsync(person.UserId, ct);
        var own = await db.FindOwnAccountAsync(person.UserId, ct);
        var dependant = read.Value.AccountId is { } named && named != own ? named : (Guid?)null;
        if (dependant is { } requested && !await db.IsGuardianAsync(requested, person.UserId, ct))
            return CommonErrors.NotFound;
        if (InvitationTokens.GroupOf(read.Value.Token!) is not { } groupId)
            return PortalErrors.InvitationInvalid;

        var claim = new Claiming(db, work, messages, options.Value, read.Value, person, clock.GetUtcNow(), ct);
        using (work.ActAsSystemIn(groupId)) // the token shows that the caller was invited there
        {
            return await claim.ClaimAsync(groupId, AuthorizationRequest.Hash(read.Value.Token!), own, dependant);
        }
    }
}

/// <summary>
/// Counts an attempt to claim an invitation. Otherwise someone who reads the mailbox could try every date of birth.
/// Others get no further than the address, so they use up nobody's attempts.
/// </summary>
public sealed record TakeClaimAttempt(Guid GroupId, string TokenHash, string NormalizedEmail)
    : Message,
        ICommand<Success>,
        IInGroup;

public static class TakeClaimAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        TakeClaimAttempt command,
        PatientPortalDbContext db,
        CancellationToken ct
    )
    {
        var invitation = await db
            .PatientInvitations.FromSql(
                $"select * from portal.patient_invitations where token_hash = {command.TokenHash} for update"
            )
            .SingleOrDefaultAsync(ct);
        return invitation?.NormalizedEmail == command.NormalizedEmail && !invitation.Attempt()
            ? PortalErrors.ClaimLocked
            : Result.Success;
    }
}

/// <summary>One claim, in the group of its invitation.</summary>
internal sealed class Claiming(
    PatientPortalDbContext db,
    UnitOfWork work,
    IMessageContext messages,
    PortalOptions options,
    Claim claim,
    AccountFacts person,
    DateTimeOffset now,
    CancellationToken ct
)
{
    public async Task<ErrorOr<Success>> ClaimAsync(Guid groupId, string tokenHash, Guid? own, Guid? dependant)
    {
        var invitation = await db
            .PatientInvitations.FromSql(
                $"select * from portal.patient_invitations where token_hash = {tokenHash} for update"
            )
            .SingleOrDefaultAsync(ct);
        if (invitation is null || !invitation.IsOpen(now))
            return PortalErrors.InvitationInvalid;
        if (invitation.NormalizedEmail != EmailAddress.Normalize(person.Email))
            return PortalErrors.NotThisPatient;
        if (invitation.ForGuardian && dependant is null)
            return PortalErrors.ForGuardian;

        // Staff who add records to the patient wait, and then find the link.
        var patient = await db
            .Patients.FromSql($"select *, xmin from portal.patients where id = {invitation.PatientId} for update")
            .SingleAsync(ct);
        var account = dependant is { } id
            ? await ForDependantAsync(id, patient, invitation)
            : await ForOwnAsync(own, patient);
        if (account.IsError)
            return account.Errors;

        var paused = await LinkAsync(patient, account.Value, invitation);
        invitation.Claim(now);
        // What was sent before the link, without a word to guardians, opens it no more.
        await db
            .UnclaimedInvitations.Where(other =>
                other.PatientId == patient.Id
                && other.Id != invitation.Id
                && (!other.ForGuardian || other.NormalizedEmail == invitation.NormalizedEmail)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.WithdrawnAt, now), ct);
        work.Audit(
            PortalAudit.InvitationClaimed,
            patient.Id,
            groupId,
            new
            {
                invitation.Id,
                accountId = account.Value,
                paused,
            }
        );
        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Linked));
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }

    private async Task<ErrorOr<Guid>> ForDependantAsync(Guid accountId, Patient patient, PatientInvitation invitation)
    {
        using var inAccount = work.ActInAccount(accountId);
        var account = (await db.LockAccountAsync(accountId, ct))!;
        var guardian = await db.Guardians.SingleAsync(g => g.AccountId == accountId && g.UserId == person.UserId, ct);
        if (!account.IsDependant || guardian.EndedAt is not null)
            return CommonErrors.NotFound;
        if (account.DateOfBirth != patient.DateOfBirth)
            return PortalErrors.NotThisPatient;
        if (patient.AccountId is { } linked && linked != accountId)
            return PortalErrors.PatientLinked;
        if (await FindOtherNameAsync(account.FirstName, patient) is { } otherName)
            return otherName;

        if (invitation.GuardianUntil is { } until && guardian.Relationship == Relationship.LegalGuardian)
        {
            guardian.Verify(patient.GroupId, until);
            await db.RecalculateAccessAsync(account, options, ct);
            await messages.ScheduleAsync(GuardianWarnings.Upcoming(account, guardian, options, now));
            await db.SaveChangesAsync(ct);
        }

        return guardian.Opens(patient.GroupId, account, options, now) ? accountId
            : guardian.Relationship == Relationship.LegalGuardian ? PortalErrors.GuardianshipNotVerified
            : AuthorizationErrors.GrantNotCurrent;
    }

    private async Task<ErrorOr<Guid>> ForOwnAsync(Guid? own, Patient patient)
    {
        if (own is null && claim.DateOfBirth is null)
            return PortalErrors.AccountRequired;
        if (own is null && claim.DateOfBirth != patient.DateOfBirth)
            return PortalErrors.NotThisPatient;
        if (patient.AccountId is { } linked && linked != own)
        {
            using var inLinked = work.ActInAccount(linked);
            var account = (await db.LockAccountAsync(linked, ct))!;
            if (!account.IsDependant || !account.IsOfAge(options, now))
                return PortalErrors.PatientLinked;
            if (own is null && account.DateOfBirth != patient.DateOfBirth)
                return PortalErrors.NotThisPatient;
            if (own is null && await FindOtherNameAsync(person.FirstName, patient) is { } otherPerson)
                return otherPerson;
            if (own is null)
                return await db.Patients.AnyAsync(p => p.AccountId == linked && p.GroupId != patient.GroupId, ct)
                    ? await db.OpenOwnAccountAsync(work, person, patient.DateOfBirth, options, now, ct)
                    : await TakeOverAsync(account);
        }

        if (own is not { } mine)
            return await FindOtherNameAsync(person.FirstName, patient) is { } other
                ? other
                : await db.OpenOwnAccountAsync(work, person, patient.DateOfBirth, options, now, ct);

        using var inAccount = work.ActInAccount(mine);
        var ownAccount = (await db.LockAccountAsync(mine, ct))!;
        if (ownAccount.DateOfBirth != patient.DateOfBirth)
            return PortalErrors.NotThisPatient;
        return patient.AccountId != mine && await FindOtherNameAsync(ownAccount.FirstName, patient) is { } differs
            ? differs
            : mine;
    }

    /// <summary>Twins have one date of birth, and their invitations go to one address.</summary>
    private async Task<Error?> FindOtherNameAsync(string ofAccount, Patient patient) =>
        claim.AcceptDifferentName || await db.IsSameNameAsync(ofAccount, patient.FirstName, ct)
            ? null
            : PortalErrors.NameDiffers(patient.FirstName, ofAccount);

    private async Task<Guid> TakeOverAsync(PortalAccount account)
    {
        account.TakeOver(person.UserId, person.FirstName, person.LastName);
        await db.SyncAccessAsync(account, ct);
        foreach (var guardian in await db.Guardians.Where(g => g.AccountId == account.Id).ToListAsync(ct))
        {
            guardian.End(now);
            await db.SyncAccessAsync(account, guardian, options, ct);
        }

        // What guardians gave and asked ends with their guardianship.
        await db.GuardianshipRequests.Where(asked => asked.AccountId == account.Id).ExecuteDeleteAsync(ct);
        await db.PendingGrants.Where(pending => pending.AccountId == account.Id).ExecuteDeleteAsync(ct);
        foreach (
            var grant in await db
                .Grants.Where(g => g.AccountId == account.Id && g.Status != GrantStatus.Withdrawn)
                .ToListAsync(ct)
        )
        {
            var before = grant.StatusOn(PortalDays.Today(now, account.TimeZone));
            grant.End();
            await db.SyncAccessAsync(account, grant, options, ct);
            if (GrantNotifications.For(account, grant, before) is { } notification)
                await messages.PublishAsync(notification);
        }

        work.Audit(PortalAudit.AccountTakenOver, account.Id, null);
        await db.SaveChangesAsync(ct);
        return account.Id;
    }

    /// <summary>
    /// Links the patient with all records. What an account sent before the practice unlinked it stays there: it may be
    /// about another child.
    /// </summary>
    /// <returns>Whom the practice had paused in the account before this one; null for nobody.</returns>
    private async Task<List<Guid>?> LinkAsync(Patient patient, Guid accountId, PatientInvitation invitation)
    {
        var (before, earlier) = (patient.AccountId, patient.AccountId ?? patient.UnlinkedAccountId);
        if (before != accountId) // what linked another account says no more who linked this one
            await db
                .PatientInvitations.Where(other =>
                    other.PatientId == patient.Id && other.ClaimedAt != null && other.Id != invitation.Id
                )
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.WithdrawnAt, now), ct);
        patient.LinkTo(accountId);
        await db.LinkRecordsAsync(patient.Id, accountId, ct);
        await db
            .Requests.Where(r => r.PatientId == patient.Id && r.AccountId == before)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.AccountId, accountId), ct);
        return earlier is { } from && from != accountId ? await MovePausesAsync(patient, from, accountId) : null;
    }

    /// <summary>
    /// A person whom the practice has paused does not get its records back in another account. They and its holder are
    /// told, if they open it.
    /// </summary>
    private async Task<List<Guid>?> MovePausesAsync(Patient patient, Guid from, Guid accountId)
    {
        using var inAccount = work.ActInAccount(accountId);
        var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == accountId, ct);
        var former = await db.FindPausesAsync(from, patient.GroupId, ct);
        var here = await db.FindPausesAsync(accountId, patient.GroupId, ct);
        var pauses = former.FindAll(pause =>
            (pause.UserId is null || pause.UserId != account.UserId)
            && !here.Exists(other => other.UserId == pause.UserId && other.Email == pause.Email)
        );
        foreach (var pause in pauses)
        {
            db.AccessPauses.Add(pause.In(accountId, now));
            if (pause.UserId is { } person)
                await db.SyncPauseAsync(accountId, person, patient.GroupId, paused: true, ct);
        }

        if (!await IsLinkedToAnotherAsync(patient, from))
            foreach (var pause in former)
            {
                db.AccessPauses.Remove(pause);
                if (pause.UserId is { } person)
                    await db.SyncPauseAsync(from, person, patient.GroupId, paused: false, ct);
            }

        await db.SaveChangesAsync(ct);
        if (pauses.Count == 0)
            return null;

        // Where the person of an address is known in this account already, its pause is theirs now.
        var granted = await db
            .Grants.AsNoTracking()
            .Where(grant =>
                grant.AccountId == accountId
                && grant.UserId != null
                && grant.RequestedRole == null
                && grant.Status != GrantStatus.Withdrawn
            )
            .ToListAsync(ct);
        foreach (var grant in granted.Where(grant => pauses.Exists(pause => pause.Email == grant.AddressForOthers)))
            await db.AssignPausesAsync(account, grant.AddressForOthers!, grant.UserId!.Value, work, now, null, ct);

        var holders = await db.FindHoldersAsync(account, patient.GroupId, options, now, ct);
        var readers = await db.FindReadersAsync(account, patient.GroupId, options, now, null, int.MaxValue, ct);
        var paused = readers.Where(reader =>
            reader.Current
            && pauses.Exists(pause =>
                reader.Paused.IsIn(pause) || (pause.UserId is not null && pause.UserId == reader.UserId)
            )
        );
        foreach (var reader in paused.DistinctBy(reader => reader.Paused))
        foreach (var told in reader.TellPaused(account, patient.PracticeName, holders))
            await messages.PublishAsync(told);
        // The practice reads it: of an address it knows no person.
        return [.. pauses.Where(pause => pause.Email is null).Select(pause => pause.UserId).OfType<Guid>()];
    }

    private Task<bool> IsLinkedToAnotherAsync(Patient patient, Guid accountId) =>
        db.Patients.AnyAsync(
            other => other.AccountId == accountId && other.GroupId == patient.GroupId && other.Id != patient.Id,
            ct
        );
}

using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>
/// Claims a practice's invitation: links its patient to one's own account, or to that of a dependant one guards. It takes the
/// confirmed email that the invitation went to, and the patient's date of birth to be the account's. At full age the person so
/// takes over the account that guardians have run.
/// </summary>
public sealed record ClaimInvitation(Body<Claim> Body) : Message, ICommand<Success>;

/// <param name="AccountId">A dependant's account; absent: one's own.</param>
public sealed record Claim(string? Token, Guid? AccountId);

internal sealed class ClaimValidator : AbstractValidator<Claim>
{
    public ClaimValidator() => RuleFor(claim => claim.Token).RequiredText(200);
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

    private static async Task<IResult> Post(Body<Claim> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ClaimInvitation(body), ct)).ToHttp(() => Results.NoContent());
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
        var (person, now) = (
            (await bus.QueryAsync(new FindAccount(work.Caller.Person), ct)).Account!,
            clock.GetUtcNow()
        );
        if (!person.EmailConfirmed)
            return PortalErrors.EmailNotConfirmed;

        await db.LockPersonAsync(person.UserId, ct); // so that an account opened, or taken over, at the same moment is not a second one
        var own = await db.FindOwnAccountAsync(person.UserId, ct);
        var asked = read.Value.AccountId is { } named && named != own ? named : (Guid?)null;
        if (
            asked is { } dependant
            && !await db.Guardians.AnyAsync(
                g => g.AccountId == dependant && g.UserId == person.UserId && g.EndedAt == null,
                ct
            )
        )
            return CommonErrors.NotFound;

        if (InvitationTokens.GroupOf(read.Value.Token!) is not { } groupId)
            return PortalErrors.InvitationInvalid;
        using var asSystem = work.ActAsSystemIn(groupId);
        var hash = AuthorizationRequest.Hash(read.Value.Token!);
        var invitation = await db
            .PatientInvitations.FromSql(
                $"select * from portal.patient_invitations where token_hash = {hash} for update"
            )
            .SingleOrDefaultAsync(ct);
        if (invitation is null || !invitation.IsOpen(now))
            return PortalErrors.InvitationInvalid;
        if (
            invitation.NormalizedEmail != EmailAddress.Normalize(person.Email)
            || (invitation.ForGuardian && asked is null)
        )
            return PortalErrors.NotThisPatient;

        // Whoever adds something to the patient at this moment comes before us or finds the link.
        var patient = await db
            .Patients.FromSql($"select *, xmin from portal.patients where id = {invitation.PatientId} for update")
            .SingleAsync(ct);
        var link = asked is { } forDependant ? await ForDependant(forDependant) : await ForThemselves();
        if (link.IsError)
            return link.Errors;

        var accountId = link.Value;
        patient.LinkTo(accountId);
        await db
            .Appointments.Where(a => a.PatientId == patient.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.AccountId, accountId), ct);
        await db
            .Invoices.Where(i => i.PatientId == patient.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.AccountId, accountId), ct);
        await db
            .ClinicalRecords.Where(r => r.PatientId == patient.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.AccountId, accountId), ct);
        await db
            .Requests.Where(r => r.PatientId == patient.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.AccountId, accountId), ct);
        invitation.Claim(now);
        work.Audit(PortalAudit.InvitationClaimed, patient.Id, groupId, new { invitation.Id, accountId });
        return Result.Success;

        async Task<ErrorOr<Guid>> ForDependant(Guid id)
        {
            using var inAccount = work.ActInAccount(id);
            var account = (await db.LockAccountAsync(id, ct))!;
            var guardian = await db.Guardians.SingleAsync(g => g.AccountId == id && g.UserId == person.UserId, ct);
            if (!account.IsDependant || guardian.EndedAt is not null)
                return CommonErrors.NotFound;
            if (account.DateOfBirth != patient.DateOfBirth)
                return PortalErrors.NotThisPatient;
            if (patient.AccountId is { } linked && linked != id)
                return PortalErrors.PatientLinked;

            if (invitation.GuardianUntil is { } until && guardian.Relationship == Relationship.LegalGuardian)
            {
                guardian.Verify(until);
                await db.RecalculateAccessAsync(account, options.Value, ct);
                await messages.ScheduleWarningsAsync(account, guardian, options.Value, now);
                await db.SaveChangesAsync(ct);
            }

            return guardian.Ends(account, options.Value).EndsAt > now ? id
                : guardian.Relationship == Relationship.LegalGuardian ? PortalErrors.GuardianshipNotVerified
                : AuthorizationErrors.GrantNotCurrent;
        }

        async Task<ErrorOr<Guid>> ForThemselves()
        {
            if (patient.AccountId is { } linked && linked != own)
            {
                using var inLinked = work.ActInAccount(linked);
                var run = (await db.LockAccountAsync(linked, ct))!;
                if (
                    !run.IsDependant
                    || Ages.Reached(run.DateOfBirth, options.Value.AdultAge) > Ages.Today(now, run.TimeZone)
                )
                    return PortalErrors.PatientLinked;
                if (own is null)
                    return await TakeOver(run);
            }

            if (own is not { } mine)
                return PortalErrors.AccountRequired;
            using var inAccount = work.ActInAccount(mine);
            return (await db.Accounts.SingleAsync(a => a.Id == mine, ct)).DateOfBirth == patient.DateOfBirth
                ? mine
                : PortalErrors.NotThisPatient;
        }

        async Task<ErrorOr<Guid>> TakeOver(PortalAccount account)
        {
            if (account.DateOfBirth != patient.DateOfBirth)
                return PortalErrors.NotThisPatient;
            account.TakeOver(person.UserId, person.FirstName, person.LastName);
            await db.SyncAccessAsync(account, ct);
            foreach (var guardian in await db.Guardians.Where(g => g.AccountId == account.Id).ToListAsync(ct))
            {
                guardian.End(now);
                await db.SyncAccessAsync(account, guardian, options.Value, ct);
            }

            // What guardians have given was theirs to give no longer than the account was theirs to run.
            await db.Offers.Where(offer => offer.AccountId == account.Id).ExecuteDeleteAsync(ct);
            foreach (
                var grant in await db
                    .Grants.Where(g => g.AccountId == account.Id && g.Status != GrantStatus.Withdrawn)
                    .ToListAsync(ct)
            )
            {
                var before = grant.Status;
                grant.End(account.Name);
                await db.SyncAccessAsync(account, grant, options.Value, ct);
                await messages.TellAsync(account, grant, before);
            }

            work.Audit(PortalAudit.AccountTakenOver, account.Id, null);
            await db.SaveChangesAsync(ct);
            return account.Id;
        }
    }
}

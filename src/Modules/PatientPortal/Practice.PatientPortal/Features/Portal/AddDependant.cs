using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>
/// A parent or guardian opens an account for a child or dependant. It is empty until a practice's invitation is claimed for it: that
/// is what proves the relationship.
/// </summary>
public sealed record AddDependant(Body<NewDependant> Body) : Message, ICommand<DependantAdded>;

public sealed record NewDependant(
    string? FirstName,
    string? LastName,
    DateOnly? DateOfBirth,
    Relationship? Relationship
);

public sealed record DependantAdded(Guid AccountId);

internal sealed class NewDependantValidator : AbstractValidator<NewDependant>
{
    public NewDependantValidator(TimeProvider clock)
    {
        RuleFor(dependant => dependant.FirstName).RequiredText(100);
        RuleFor(dependant => dependant.LastName).RequiredText(100);
        RuleFor(dependant => dependant.DateOfBirth).DateOfBirth(clock);
        RuleFor(dependant => dependant.Relationship).Required();
    }
}

internal sealed class AddDependantEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/dependants", Post)
            .RequirePortal()
            .WithName(nameof(AddDependant))
            .WithTags("Portal accounts")
            .Produces<DependantAdded>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<NewDependant> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new AddDependant(body), ct)).ToHttp(made =>
            Results.Created($"/api/portal/accounts/{made.AccountId}", made)
        );
}

public static class AddDependantHandler
{
    private const int MostDependants = 20;

    public static async Task<ErrorOr<DependantAdded>> Handle(
        AddDependant command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.FindOwnAccountAsync(work.Caller.Person, ct) is null)
            return PortalErrors.AccountRequired;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var ((first, last, born, relationship), now) = (read.Value, clock.GetUtcNow());
        var person = (await bus.QueryAsync(new FindAccount(work.Caller.Person), ct)).Account!;
        await db.LockPersonAsync(person.UserId, ct);
        if (await db.Guardians.CountAsync(guardian => guardian.UserId == person.UserId, ct) >= MostDependants)
            return PortalErrors.TooManyRequests;

        var account = PortalAccount.OfDependant(first!, last!, born!.Value, options.Value.TimeZone, now);
        if (
            relationship != Relationship.LegalGuardian
            && Ages.Reached(account.DateOfBirth, options.Value.AdultAge) <= Ages.Today(now, account.TimeZone)
        )
            return PortalErrors.DependantOfAge;

        using var inAccount = work.ActInAccount(account.Id);
        db.Accounts.Add(account);
        await db.AddGuardianAsync(account, person, relationship!.Value, options.Value, now, messages, ct);
        work.Audit(PortalAudit.DependantAdded, account.Id, null, new { relationship });
        await db.SaveChangesAsync(ct);
        return new DependantAdded(account.Id);
    }
}

internal static class NewGuardians
{
    private static readonly int[] DaysAhead = [60, 14];

    public static async Task AddGuardianAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        AccountFacts person,
        Relationship relationship,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var guardian = Guardian.Of(
            account.Id,
            person.UserId,
            $"{person.FirstName} {person.LastName}",
            person.Email,
            relationship,
            now
        );
        db.Guardians.Add(guardian);
        await db.SyncAccessAsync(account, guardian, options, ct);
        await messages.ScheduleWarningsAsync(account, guardian, options, now);
    }

    /// <summary>Sixty and fourteen days before clinical access is suspended, and before the guardianship ends.</summary>
    /// <param name="alsoMissed">Where the ages have changed: who can't be warned as early any more is warned at once.</param>
    public static async Task ScheduleWarningsAsync(
        this IMessageContext messages,
        PortalAccount account,
        Guardian guardian,
        PortalOptions options,
        DateTimeOffset now,
        bool alsoMissed = false
    )
    {
        var today = Ages.Today(now, account.TimeZone);
        foreach (var (what, on) in guardian.Endings(account, options))
        {
            if (
                alsoMissed
                && on > today
                && DaysAhead
                    .Where(days => on.AddDays(-days) <= today)
                    .Order()
                    .Select(days => (int?)days)
                    .FirstOrDefault()
                    is { } missed
            )
                await messages.PublishAsync(new WarnGuardian(account.Id, guardian.UserId, what, on, missed));
            foreach (var days in DaysAhead)
            {
                var due = Ages.BeginningOf(on.AddDays(-days), account.TimeZone);
                if (due > now)
                    await messages.ScheduleAsync(
                        new WarnGuardian(account.Id, guardian.UserId, what, on, days),
                        due - now
                    );
            }
        }
    }
}

/// <summary>
/// Scheduled for the day of a warning. Nothing is told that has changed meanwhile, and nothing twice, however often ages were
/// changed and changed back.
/// </summary>
public sealed record WarnGuardian(Guid AccountId, Guid UserId, string What, DateOnly On, int Days)
    : Message,
        IInAccount;

public static class WarnGuardianHandler
{
    public static async Task Handle(
        WarnGuardian due,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.LockAccountAsync(due.AccountId, ct) is not { IsDependant: true } account
            || await db.Guardians.SingleOrDefaultAsync(g => g.AccountId == due.AccountId && g.UserId == due.UserId, ct)
                is not { EndedAt: null } guardian
            || !guardian.Endings(account, options.Value).Contains((due.What, due.On))
            || !guardian.Warn(due.What, due.On, due.Days)
        )
            return;

        var daysLeft = due.On.DayNumber - Ages.Today(clock.GetUtcNow(), account.TimeZone).DayNumber;
        await messages.PublishAsync(
            new GuardianshipEnding(
                account.Id,
                guardian.UserId,
                account.Name,
                due.What,
                due.On,
                Math.Clamp(daysLeft, 0, due.Days)
            )
        );
        var text =
            due.What == Guardian.ClinicalSuspended
                ? $"The clinical access of {guardian.UserName} is suspended on {due.On:yyyy-MM-dd}."
                : $"The guardianship of {guardian.UserName} ends on {due.On:yyyy-MM-dd}.";
        foreach (var patient in await db.LinkedPatientsAsync(account.Id, null, ct))
            db.Requests.Add(
                PortalRequest.Send(
                    patient,
                    account.Id,
                    RequestKind.GuardianshipEnding,
                    text,
                    (null, ""),
                    account.Name,
                    clock.GetUtcNow()
                )
            );
    }
}

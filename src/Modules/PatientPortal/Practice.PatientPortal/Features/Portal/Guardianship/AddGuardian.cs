using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>
/// A guardian asks a person, by email, to be another, independent guardian. Whom a practice has paused cannot: another
/// guardian would lead round the pause. The answer comes before the address is
/// looked up, so that it reveals nothing. Where the address has no account, the request waits until a person confirms
/// it.
/// </summary>
public sealed record AddGuardian(Guid AccountId, Body<NewGuardian> Body) : Message, ICommand<Success>;

public sealed record NewGuardian(string? Email, Relationship? Relationship);

internal sealed class NewGuardianValidator : AbstractValidator<NewGuardian>
{
    public NewGuardianValidator()
    {
        RuleFor(guardian => guardian.Email).Email();
        RuleFor(guardian => guardian.Relationship).Required();
    }
}

internal sealed class AddGuardianEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts/{accountId:guid}/guardians", Post)
            .RequireAccount(edit: true, holder: true)
            .WithName(nameof(AddGuardian))
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        Guid accountId,
        Body<NewGuardian> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new AddGuardian(accountId, body), ct)).ToHttp(() => Results.Accepted());
}

public static class AddGuardianHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        AddGuardian command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var person = await bus.GetAccountAsync(work.Caller.Person, ct);
        await db.LockPersonAsync(person.UserId, ct);
        var account = (await db.LockAccountAsync(command.AccountId, ct))!;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (!account.IsDependant)
            return PortalErrors.NotADependant;
        if (await work.AuthorizeAgainAsync(ct) is { } ended)
            return ended; // they left while this waited for the lock
        if (await db.IsPausedAsync(work, account.Id, person.UserId, ct))
            return PortalErrors.AccessIsPaused;
        var now = clock.GetUtcNow();
        var (expired, today) = (now - GuardianshipRequest.Lifetime, now - GuardianshipRequest.LimitPeriod);
        await db
            .GuardianshipRequests.Where(request => request.AccountId == account.Id && request.AskedAt <= expired)
            .ExecuteDeleteAsync(ct);
        if (
            await db.Guardians.CountAsync(g => g.AccountId == account.Id && g.EndedAt == null, ct)
                + await db.GuardianshipRequests.CountAsync(request => request.AccountId == account.Id, ct)
            >= Guardian.MaxOfAnAccount
        )
            return PortalErrors.TooManyGuardians;
        if (
            await db.GuardianshipRequests.CountAsync(
                request => request.AskedById == person.UserId && request.AskedAt > today,
                ct
            ) >= GuardianshipRequest.MaxOfAPerson
        )
            return PortalErrors.TooManyRequests;

        var request = GuardianshipRequest.Ask(account, read.Value.Email!, read.Value.Relationship!.Value, person, now);
        db.GuardianshipRequests.Add(request);
        work.Audit(PortalAudit.GuardianRequested, account.Id, null, new { read.Value.Relationship });
        await messages.PublishAsync(new FindGuardian(account.Id, request.Id, read.Value.Email!.Trim()));
        return Result.Success;
    }
}

/// <summary>Finds the person whom a guardian asks. They must have confirmed the address.</summary>
[MessageIdentity("Practice.PatientPortal.Features.Portal.FindGuardian")] // its name in messages already stored
public sealed record FindGuardian(Guid AccountId, [property: JsonPropertyName("offerId")] Guid RequestId, string Email)
    : Message,
        IInAccount;

public static class FindGuardianHandler
{
    public static async Task Handle(
        FindGuardian wanted,
        PatientPortalDbContext db,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var person = await bus.FindConfirmedAccountAsync(wanted.Email, ct);
        await db.LockAccountAsync(wanted.AccountId, ct); // nobody withdraws it from here on
        if (
            await db.GuardianshipRequests.SingleOrDefaultAsync(r => r.Id == wanted.RequestId, ct)
            is not { UserId: null } request
        )
            return;
        if (person is not null)
            await db.AskAsync(request, person, messages, ct);
        else
            await messages.PublishAsync(
                new PortalAccessOffered(
                    request.AccountId,
                    request.Id,
                    wanted.Email,
                    request.AccountName,
                    ForGuardian: true,
                    SenderId: request.AskedById
                )
            );
    }
}

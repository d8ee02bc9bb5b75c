using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>
/// A guardian adds another, independent guardian by email. The answer comes before the address is looked up, so that it
/// reveals nothing. Where the address has no account, the guardianship waits until a person confirms it.
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
            .ProducesProblem(StatusCodes.Status409Conflict);

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
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var account = (await db.LockAccountAsync(command.AccountId, ct))!;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (!account.IsDependant)
            return PortalErrors.NotADependant;
        var now = clock.GetUtcNow();
        var expired = now - Grant.WaitingPeriod;
        if (
            await db.Guardians.CountAsync(guardian => guardian.AccountId == account.Id, ct)
                + await db.PendingGrants.CountAsync(
                    pending =>
                        pending.AccountId == account.Id && pending.GrantId == null && pending.CreatedAt > expired,
                    ct
                )
            >= Guardian.MaxOfAnAccount
        )
            return PortalErrors.TooManyGuardians;

        var pending = PendingGrant.OfGuardianship(
            account.Id,
            read.Value.Email!,
            read.Value.Relationship!.Value,
            work.Caller.Person,
            now
        );
        db.PendingGrants.Add(pending);
        work.Audit(PortalAudit.GuardianAdded, account.Id, null, new { read.Value.Relationship });
        await messages.PublishAsync(new FindGuardian(account.Id, pending.Id, read.Value.Email!.Trim()));
        return Result.Success;
    }
}

/// <summary>Finds the person a guardianship is for, who must have confirmed the address.</summary>
/// <param name="PendingId">The pending guardianship.</param>
[MessageIdentity("Practice.PatientPortal.Features.Portal.FindGuardian")] // its name in messages already stored
public sealed record FindGuardian(Guid AccountId, [property: JsonPropertyName("offerId")] Guid PendingId, string Email)
    : Message,
        IInAccount;

public static class FindGuardianHandler
{
    public static async Task Handle(
        FindGuardian wanted,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var person = await bus.FindConfirmedAccountAsync(wanted.Email, ct);

        var account = (await db.LockAccountAsync(wanted.AccountId, ct))!;
        if (await db.PendingGrants.SingleOrDefaultAsync(p => p.Id == wanted.PendingId, ct) is not { } pending)
            return;
        if (person is null)
            await messages.PublishAsync(
                new PortalAccessOffered(account.Id, pending.Id, wanted.Email, account.Name, ForGuardian: true)
            );
        else
            await db.AssignGuardianshipAsync(account, pending, person, options.Value, clock.GetUtcNow(), messages, ct);
    }
}

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
/// A guardian adds another, independent one, by email. Whether the address has an account is looked up after the answer; where it
/// has none, the guardianship waits for whoever proves it.
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

internal sealed record GuardianView(
    Guid UserId,
    string Name,
    Relationship Relationship,
    DateTimeOffset AddedAt,
    DateTimeOffset EndsAt,
    DateTimeOffset? ClinicalEndsAt
);

internal sealed class AddGuardianEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/portal/accounts/{accountId:guid}/guardians", Post)
            .RequireAccount(edit: true, holder: true)
            .WithName(nameof(AddGuardian))
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        app.MapGet("/api/portal/accounts/{accountId:guid}/guardians", Get)
            .RequireAccount(holder: true)
            .WithName("ListGuardians")
            .WithTags("Portal accounts")
            .Produces<Page<GuardianView>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Post(
        Guid accountId,
        Body<NewGuardian> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new AddGuardian(accountId, body), ct)).ToHttp(() => Results.Accepted());

    private static async Task<IResult> Get(
        Guid accountId,
        PatientPortalDbContext db,
        IOptions<PortalOptions> options,
        CancellationToken ct
    )
    {
        var rows = await db
            .Guardians.AsNoTracking()
            .Where(guardian => guardian.AccountId == accountId && guardian.EndedAt == null)
            .OrderBy(guardian => guardian.AddedAt)
            .Select(guardian => new
            {
                Guardian = guardian,
                Account = db.Accounts.Single(account => account.Id == accountId),
            })
            .ToListAsync(ct);
        return Results.Ok(new Page<GuardianView>([.. rows.Select(row => View(row.Guardian, row.Account))], null));

        GuardianView View(Guardian guardian, PortalAccount account)
        {
            var (endsAt, clinicalEndsAt) = guardian.Ends(account, options.Value);
            return new(
                guardian.UserId,
                guardian.UserName,
                guardian.Relationship,
                guardian.AddedAt,
                endsAt,
                clinicalEndsAt
            );
        }
    }
}

public static class AddGuardianHandler
{
    private const int MostGuardians = 10;

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
        if (
            await db.Guardians.CountAsync(guardian => guardian.AccountId == account.Id, ct)
                + await db.Offers.CountAsync(offer => offer.AccountId == account.Id && offer.GrantId == null, ct)
            >= MostGuardians
        )
            return PortalErrors.TooManyRequests;

        var offer = new Offer
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            NormalizedEmail = EmailAddress.Normalize(read.Value.Email!),
            AccountId = account.Id,
            Relationship = read.Value.Relationship,
            AddedById = work.Caller.Person,
            OfferedAt = clock.GetUtcNow(),
        };
        db.Offers.Add(offer);
        work.Audit(PortalAudit.GuardianAdded, account.Id, null, new { read.Value.Relationship });
        await messages.PublishAsync(new FindGuardian(account.Id, offer.Id, read.Value.Email!.Trim()));
        return Result.Success;
    }
}

/// <summary>Finds whom a guardianship is for. Only somebody who has proved the address is let in.</summary>
public sealed record FindGuardian(Guid AccountId, Guid OfferId, string Email) : Message, IInAccount;

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
        var account = (await db.LockAccountAsync(wanted.AccountId, ct))!;
        if (await db.Offers.SingleOrDefaultAsync(offer => offer.Id == wanted.OfferId, ct) is not { } offer)
            return;
        if ((await bus.QueryAsync(new FindAccountByEmail(wanted.Email), ct)).Account is { EmailConfirmed: true } person)
            await db.MakeGuardianAsync(account, offer, person, options.Value, clock.GetUtcNow(), messages, ct);
        else
            await messages.PublishAsync(new PortalAccessOffered(account.Id, offer.Id, wanted.Email, account.Name));
    }
}

internal static class GuardianOffers
{
    public static async Task MakeGuardianAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Offer offer,
        AccountFacts person,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        db.Offers.Remove(offer);
        if (
            !account.IsDependant
            || await db.Guardians.AnyAsync(
                guardian => guardian.AccountId == account.Id && guardian.UserId == person.UserId,
                ct
            )
        )
            return;
        var addedBy = await db
            .Guardians.Where(guardian => guardian.AccountId == account.Id && guardian.UserId == offer.AddedById)
            .Select(guardian => guardian.UserName)
            .SingleAsync(ct);
        await db.AddGuardianAsync(account, person, offer.Relationship!.Value, options, now, messages, ct);
        await messages.PublishAsync(new GuardianAdded(account.Id, person.UserId, account.Name, addedBy));
    }
}

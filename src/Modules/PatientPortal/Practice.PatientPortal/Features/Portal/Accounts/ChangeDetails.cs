using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Changes phone and address, and tells every linked practice who changed them. Only the holder may change the time
/// zone, because ages and last days depend on it.
/// </summary>
public sealed record ChangeDetails(Guid AccountId, IfMatch IfMatch, Body<AccountDetails> Body)
    : Message,
        ICommand<Success>;

/// <param name="TimeZone">An IANA time zone; absent: unchanged.</param>
public sealed record AccountDetails(string? Phone, string? Address, string? TimeZone);

internal sealed class AccountDetailsValidator : AbstractValidator<AccountDetails>
{
    public AccountDetailsValidator()
    {
        RuleFor(details => details.Phone).OptionalText(40);
        RuleFor(details => details.Address).OptionalMultilineText(300);
        RuleFor(details => details.TimeZone).TimeZone().When(details => details.TimeZone is not null);
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
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
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
        if (moved && work.Caller.Account.Relation == PortalRelation.Granted)
            return AuthorizationErrors.NotTheHolder;

        account.Describe(
            details.Phone.NullIfBlank(),
            details.Address.NullIfBlank(),
            details.TimeZone ?? account.TimeZone
        );
        if (moved)
            await db.RecalculateAccessAsync(account, options.Value, ct);

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
}

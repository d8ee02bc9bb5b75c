using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>Opens one's own portal account. It is apart from any authority in a practice, even with one sign-in.</summary>
public sealed record OpenAccount(Body<NewAccount> Body) : Message, ICommand<NewResource>;

public sealed record NewAccount(DateOnly? DateOfBirth);

internal sealed class NewAccountValidator : AbstractValidator<NewAccount>
{
    public NewAccountValidator(TimeProvider clock) => RuleFor(account => account.DateOfBirth).DateOfBirth(clock);
}

internal sealed class OpenAccountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts", Post)
            .RequirePortal()
            .WithName(nameof(OpenAccount))
            .WithTags("Portal accounts")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Body<NewAccount> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new OpenAccount(body), ct)).ToHttp(made =>
            Results.Created($"/api/portal/accounts/{made.Id}", made)
        );
}

public static class OpenAccountHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        OpenAccount command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var person = (await bus.QueryAsync(new FindAccount(work.Caller.Person), ct)).Account!;
        if (!person.EmailConfirmed)
            return PortalErrors.EmailNotConfirmed;
        await db.LockPersonAsync(person.UserId, ct);
        if (await db.FindOwnAccountAsync(person.UserId, ct) is not null)
            return PortalErrors.AccountExists;

        var account = PortalAccount.Own(
            person.UserId,
            person.FirstName,
            person.LastName,
            read.Value.DateOfBirth!.Value,
            options.Value.TimeZone,
            clock.GetUtcNow()
        );
        using var inAccount = work.ActInAccount(account.Id);
        db.Accounts.Add(account);
        await db.SyncAccessAsync(account, ct);
        work.Audit(PortalAudit.AccountOpened, account.Id, null);
        await db.SaveChangesAsync(ct);
        return new NewResource(account.Id);
    }
}

internal static class DatesOfBirth
{
    private const int OldestAge = 130;

    /// <summary>Given, not after today (anywhere on earth), and not longer ago than anybody has lived.</summary>
    public static IRuleBuilderOptions<T, DateOnly?> DateOfBirth<T>(
        this IRuleBuilder<T, DateOnly?> rule,
        TimeProvider clock
    ) =>
        rule.Required()
            .Must(date => date is not { } day || (day <= Latest(clock) && day >= Latest(clock).AddYears(-OldestAge)))
            .WithMessage($"A day in the past, at most {OldestAge} years ago.");

    private static DateOnly Latest(TimeProvider clock) =>
        DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(14));
}

using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>
/// A parent or guardian opens an account for a child or dependant. It stays empty until a practice's invitation is
/// claimed for it, which proves the relationship.
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
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<NewDependant> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new AddDependant(body), ct)).ToHttp(made =>
            Results.Created($"/api/portal/accounts/{made.AccountId}", made)
        );
}

public static class AddDependantHandler
{
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
        var person = await bus.GetAccountAsync(work.Caller.Person, ct);
        await db.LockPersonAsync(person.UserId, ct);
        if (await db.RunsMaximumAsync(person.UserId, ct))
            return PortalErrors.TooManyDependants;

        var account = PortalAccount.OfDependant(first!, last!, born!.Value, options.Value.TimeZone, now);
        if (relationship != Relationship.LegalGuardian && account.IsOfAge(options.Value, now))
            return PortalErrors.DependantOfAge;

        work.Audit(PortalAudit.DependantAdded, account.Id, null, new { relationship });
        using (work.ActInAccount(account.Id))
        {
            db.Accounts.Add(account);
            await db.AddGuardianAsync(account, person, relationship!.Value, options.Value, now, messages, ct);
            await db.SaveChangesAsync(ct);
        }

        return new DependantAdded(account.Id);
    }
}

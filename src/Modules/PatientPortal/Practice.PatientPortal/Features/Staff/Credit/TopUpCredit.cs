using FluentValidation;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Credit;

namespace Practice.PatientPortal.Features.Staff.Credit;

/// <summary>Adds credit for text messages. The ledger only grows: there is no way to take it back.</summary>
public sealed record TopUpCredit(Guid GroupId, Body<TopUp> Body) : Message, ICommand<NewResource>;

/// <param name="Amount">How many text messages.</param>
/// <param name="Note">Such as the number of the provider's invoice.</param>
public sealed record TopUp(int? Amount, string? Note);

internal sealed class TopUpValidator : AbstractValidator<TopUp>
{
    public TopUpValidator()
    {
        RuleFor(topUp => topUp.Amount)
            .Required()
            .InclusiveBetween(1, MessageCredit.MaxTopUp)
            .WithMessage($"Enter 1 to {MessageCredit.MaxTopUp} text messages.");
        RuleFor(topUp => topUp.Note).OptionalText(200);
    }
}

internal sealed class TopUpCreditEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/credit/top-ups", Post)
            .RequireOwner()
            .WithName(nameof(TopUpCredit))
            .WithTags("Message credit")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Guid groupId, Body<TopUp> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new TopUpCredit(groupId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/credit", made)
        );
}

public static class TopUpCreditHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        TopUpCredit command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (groupId, amount) = (command.GroupId, read.Value.Amount!.Value);
        var credit = await db.LockCreditAsync(groupId, ct);
        var balance = credit.Balance + amount;
        if (balance > MessageCredit.MaxBalance)
            return PortalErrors.TooMuchCredit;

        var note = read.Value.Note.NullIfBlank();
        var entry = CreditEntry.TopUp(groupId, amount, note, work.Caller.Person, clock.GetUtcNow());
        db.CreditEntries.Add(entry);
        credit.ToldAgainAbove(balance);
        work.Audit(PortalAudit.CreditToppedUp, entry.Id, groupId, new { amount, balance });
        return new NewResource(entry.Id);
    }
}

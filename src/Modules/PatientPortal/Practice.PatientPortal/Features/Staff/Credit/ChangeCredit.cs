using FluentValidation;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Credit;

namespace Practice.PatientPortal.Features.Staff.Credit;

/// <summary>Changes at which balance the owners are told that few text messages are left.</summary>
public sealed record ChangeCredit(Guid GroupId, IfMatch IfMatch, Body<CreditInput> Body) : Message, ICommand<Success>;

public sealed record CreditInput(int? LowBalance);

internal sealed class CreditInputValidator : AbstractValidator<CreditInput>
{
    public CreditInputValidator() =>
        RuleFor(input => input.LowBalance)
            .Required()
            .InclusiveBetween(0, MessageCredit.MaxLowBalance)
            .WithMessage($"Enter 0 to {MessageCredit.MaxLowBalance}.");
}

internal sealed class ChangeCreditEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/credit", Put)
            .RequireOwner()
            .WithName(nameof(ChangeCredit))
            .WithTags("Message credit")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        IfMatch ifMatch,
        Body<CreditInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeCredit(groupId, ifMatch, body), ct)).ToHttp(Results.NoContent);
}

public static class ChangeCreditHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeCredit command,
        PatientPortalDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var credit = await db.LockCreditAsync(command.GroupId, ct);
        if (ETags.Check(command.IfMatch, (uint)credit.Revision) is { } stale)
            return stale;

        var before = credit.LowBalance;
        if (read.Value.LowBalance!.Value == before)
            return Result.Success;
        credit.WarnAt(read.Value.LowBalance.Value);
        work.Audit(
            PortalAudit.CreditChanged,
            command.GroupId,
            command.GroupId,
            new { LowBalance = new { From = before, To = credit.LowBalance } }
        );
        return Result.Success;
    }
}

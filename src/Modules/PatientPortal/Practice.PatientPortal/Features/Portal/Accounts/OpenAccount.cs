using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Opens a person's own portal account. It is independent of any membership in a practice, even with one sign-in.
/// </summary>
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
        var person = await bus.GetAccountAsync(work.Caller.Person, ct);
        if (!person.EmailConfirmed)
            return PortalErrors.EmailNotConfirmed;
        await db.LockPersonAsync(person.UserId, ct);
        if (await db.FindOwnAccountAsync(person.UserId, ct) is not null)
            return PortalErrors.AccountExists;

        return new NewResource(
            await db.OpenOwnAccountAsync(
                work,
                person,
                read.Value.DateOfBirth!.Value,
                options.Value,
                clock.GetUtcNow(),
                ct
            )
        );
    }
}

using FluentValidation;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Features.Accounts;

/// <summary>Changes the person's own name.</summary>
public sealed record ChangeMe(Body<MeInput> Body, IfMatch IfMatch) : Message, ICommand<Success>;

public sealed record MeInput(string? Title, string? FirstName, string? LastName);

internal sealed class MeInputValidator : AbstractValidator<MeInput>
{
    public MeInputValidator()
    {
        RuleFor(input => input.Title).OptionalText(NameLengths.Title);
        RuleFor(input => input.FirstName).RequiredText(NameLengths.Name);
        RuleFor(input => input.LastName).RequiredText(NameLengths.Name);
    }
}

internal sealed class ChangeMeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/users/me", Put)
            .RequireSession()
            .WithName(nameof(ChangeMe))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(Body<MeInput> body, IfMatch ifMatch, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ChangeMe(body, ifMatch), ct)).ToHttp(Results.NoContent);
}

public static class ChangeMeHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeMe command,
        UsersDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        if (ETags.Check(command.IfMatch, account.Version) is { } stale)
            return stale;

        account.Rename(read.Value.Title, read.Value.FirstName!, read.Value.LastName!);
        if (!work.HasChanged(account))
            return Result.Success;
        await messages.PublishAsync(
            new AccountChanged(account.Id, account.Email!, account.Title, account.FirstName, account.LastName)
        );
        work.Audit(UserAudit.Renamed, account.Id, null);
        return Result.Success;
    }
}

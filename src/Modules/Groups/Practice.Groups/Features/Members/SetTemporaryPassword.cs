using FluentValidation;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Gives a new person another temporary password if the first was lost or has expired. Only the group that made the
/// account may, and only until the person has confirmed it: from then on it is their own.
/// </summary>
public sealed record SetTemporaryPassword(Guid GroupId, Guid UserId, Body<TemporaryPassword> Body)
    : Message,
        ICommand<TemporaryPasswordAllowed>;

/// <param name="AllowedTo">The caller, for the audit.</param>
public sealed record TemporaryPasswordAllowed(Guid AllowedTo);

public sealed record TemporaryPassword(string? Password, string? ConfirmPassword);

internal sealed class TemporaryPasswordValidator : AbstractValidator<TemporaryPassword>
{
    public TemporaryPasswordValidator()
    {
        RuleFor(input => input.Password).NotEmpty().WithMessage("This field is required.").TemporaryPassword();
        RuleFor(input => input.ConfirmPassword)
            .Must((input, confirm) => confirm == input.Password)
            .WithMessage("The two passwords do not match.");
    }
}

internal sealed class SetTemporaryPasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/temporary-password", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(SetTemporaryPassword))
            .WithTags("Members")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid userId,
        Body<TemporaryPassword> body,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        // 1. Groups decides whether the caller may, and notes who knows the password from now on.
        var allowed = await bus.SendAsync(new SetTemporaryPassword(groupId, userId, body), ct);
        if (allowed.IsError)
            return Problems.ToProblem(allowed.Errors);

        // 2. Users hashes it, asks whether the caller still may, sets it and audits that in the same transaction.
        var reissue = new ReissueTemporaryPassword(
            userId,
            groupId,
            body.Read().Value.Password!,
            allowed.Value.AllowedTo
        );
        return (await bus.InvokeAsSystemAsync(reissue, ct)).ToHttp(_ => Results.NoContent());
    }
}

public static class SetTemporaryPasswordHandler
{
    public static async Task<ErrorOr<TemporaryPasswordAllowed>> Handle(
        SetTemporaryPassword command,
        GroupsDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        // Under the lock: nobody gives the member more access without finding the note.
        var locked = await db.GetMemberForUpdateAsync(
            command.GroupId,
            command.UserId,
            work.Caller,
            Access.ManageUsers,
            ct
        );
        if (locked.IsError)
            return locked.Errors;
        var (_, actor, member) = locked.Value;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (!member.IsActive)
            return GroupErrors.MemberDeactivated;
        if (member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        member.NotePasswordSetBy(actor.UserId);
        return new TemporaryPasswordAllowed(actor.UserId);
    }
}

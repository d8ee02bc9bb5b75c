using Microsoft.Extensions.Options;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Groups.Limits;
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.Groups.Features.Members.AddUser;

/// <summary>
/// Adds a user to a practice group. A person who has an account is invited; for a new one an account is made, with the
/// temporary password.
/// </summary>
/// <remarks>
/// The steps are those of <see cref="AddUserWorkflow"/>; this is the first of them, with what concerns the form alone:
/// its errors, its password, and the limit on lookups.
/// </remarks>
public sealed record AddUserToGroup(Guid GroupId, Body<NewMember> Body) : Message, ICommand<AddUserResult>;

internal sealed class AddUserToGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(AddUserToGroup))
            .WithTags("Members")
            .Produces<UserAdded>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(Guid groupId, Body<NewMember> body, IModuleBus bus, CancellationToken ct)
    {
        // An input with errors tells nothing; the next command answers it, after it has checked the caller.
        if (
            !body.Read().IsError
            && await bus.SendAsync(new CountLookup(groupId, LookupKind.User), ct) is { IsError: true } counted
        )
            return Problems.ToProblem(counted.Errors);

        var added = await bus.AddUserAsync(groupId, new AddUserToGroup(groupId, body), body.Read, ct);
        return added.ToHttp(user =>
            Results.Created(
                user.UserId is { } userId
                    ? $"/api/groups/{groupId}/members/{userId}"
                    : $"/api/groups/{groupId}/invitations/{user.InvitationId}",
                user
            )
        );
    }
}

public static class AddUserToGroupHandler
{
    public static async Task<ErrorOr<AddUserResult>> Handle(
        AddUserToGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<InvitationOptions> options,
        PeopleLimit limit,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var step = new InviteOrReserve(db, work, bus, options.Value, limit, clock.GetUtcNow(), messages);
        var begun = await step.RunAsync(command.GroupId, [read.Value], passwordRequired: true, ct);
        return begun.IsError ? begun.Errors : begun.Value.Single();
    }
}

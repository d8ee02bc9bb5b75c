using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Adds a user to a practice group. An existing person is invited. For a new one this reserves the email and an account id;
/// Users then makes the account, and <see cref="ActivateReservation"/> the membership: a crash in between leaves a
/// reservation that nobody sees and that a repeat of the call goes on with.
/// </summary>
public sealed record AddUserToGroup(Guid GroupId, Body<NewMember> Body) : Message, ICommand<AddUserStep>;

/// <summary>Either an invitation was made, or the next steps are to be taken with this account id.</summary>
/// <param name="Attempt">Of several calls for one new person, the one that began last makes the membership.</param>
/// <param name="AddedBy">Who is asking.</param>
public sealed record AddUserStep(Guid? InvitationId, Guid UserId, int Attempt, Guid AddedBy);

/// <summary>The form of the add-user dialog.</summary>
/// <param name="Settings">Settings switched against the level's preset, by name.</param>
public sealed record NewMember(
    string? Title,
    string? FirstName,
    string? LastName,
    RoleType? RoleType,
    string? Profession,
    string? RegistrationNumber,
    string? Email,
    string? ConfirmEmail,
    string? Password,
    string? ConfirmPassword,
    AccessLevel? AccessLevel,
    IReadOnlyDictionary<string, bool>? Settings,
    IReadOnlyList<Guid>? LocationIds
)
{
    internal bool HasPassword => !string.IsNullOrEmpty(Password);

    internal AccessChoice Choice => AccessChoice.Of(RoleType!.Value, AccessLevel!.Value, Settings);

    internal MemberProfile ProfileOf(Guid userId) =>
        new(
            userId,
            Email!.Trim(),
            Title.NullIfBlank(),
            FirstName!.Trim(),
            LastName!.Trim(),
            RoleType!.Value,
            Profession!,
            RegistrationNumber.NullIfBlank()
        );
}

internal sealed class NewMemberValidator : AbstractValidator<NewMember>
{
    public NewMemberValidator()
    {
        RuleFor(member => member.Title).OptionalText(40);
        RuleFor(member => member.FirstName).RequiredText(100);
        RuleFor(member => member.LastName).RequiredText(100);
        RuleFor(member => member.RoleType).Required();
        RuleFor(member => member.Profession).Profession();
        RuleFor(member => member.RegistrationNumber).RegistrationNumberOf(member => member.RoleType);
        RuleFor(member => member.Email).Email();
        RuleFor(member => member.ConfirmEmail)
            .Must(
                (member, confirm) => EmailAddress.Normalize(confirm ?? "") == EmailAddress.Normalize(member.Email ?? "")
            )
            .WithMessage("The two email addresses differ.");
        RuleFor(member => member.Password).TemporaryPassword();
        RuleFor(member => member.ConfirmPassword)
            .Must((member, confirm) => (confirm ?? "") == (member.Password ?? ""))
            .WithMessage("The two passwords differ.");
        RuleFor(member => member.AccessLevel).LevelFor(member => member.RoleType);
        RuleFor(member => member.Settings).AccessSettings();
        RuleFor(member => member.LocationIds).Locations();
    }
}

internal enum AddUserOutcome
{
    Added,
    Invited,
}

/// <summary>Either the new member's id or the invitation's.</summary>
internal sealed record UserAdded(
    AddUserOutcome Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? InvitationId
);

internal sealed class AddUserToGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members", Post)
            .RequireAccess(Access.ManageUsers)
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
        var begun = await bus.SendAsync(new AddUserToGroup(groupId, body), ct);
        var added = begun.IsError ? begun.Errors : await bus.CompleteAsync(groupId, begun.Value, body.Read().Value, ct);
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
    public static async Task<ErrorOr<AddUserStep>> Handle(
        AddUserToGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        LookupLimit limit,
        IOptions<InvitationOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (!limit.TryUse(work.Caller.Person))
            return GroupErrors.TooManyLookups;
        return await new UserAddition(db, work, bus, options.Value, clock.GetUtcNow(), messages).BeginAsync(
            command.GroupId,
            read.Value,
            withoutPassword: GroupErrors.PasswordRequired,
            ct
        );
    }
}

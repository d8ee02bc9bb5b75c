using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Authority;
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
    string? Title, string? FirstName, string? LastName, RoleType? RoleType, string? Profession, string? RegistrationNumber,
    string? Email, string? ConfirmEmail, string? Password, string? ConfirmPassword,
    AccessLevel? AccessLevel, IReadOnlyDictionary<string, bool>? Settings, IReadOnlyList<Guid>? LocationIds)
{
    internal bool HasPassword => !string.IsNullOrEmpty(Password);

    internal AccessChoice Choice => AccessChoice.Of(RoleType!.Value, AccessLevel!.Value, Settings);

    internal MemberProfile ProfileOf(Guid userId) => new(
        userId, Email!.Trim(), Title.NullIfBlank(), FirstName!.Trim(), LastName!.Trim(), RoleType!.Value, Profession!, RegistrationNumber.NullIfBlank());
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
        RuleFor(member => member.RegistrationNumber).RegistrationNumber();
        RuleFor(member => member.RegistrationNumber).Must(number => number.NullIfBlank() is null)
            .When(member => member.RoleType == RoleType.Administrator)
            .WithMessage(GroupRefusals.RegistrationNotAllowed.Description).WithErrorCode(GroupRefusals.RegistrationNotAllowedCode);
        RuleFor(member => member.Email).Email();
        RuleFor(member => member.ConfirmEmail).Must((member, confirm) => EmailAddress.Normalize(confirm ?? "") == EmailAddress.Normalize(member.Email ?? ""))
            .WithMessage("The two email addresses differ.");
        RuleFor(member => member.Password).OptionalText(256);
        RuleFor(member => member.Password).MinimumLength(12).When(member => member.HasPassword)
            .WithMessage("At least 12 characters.");      // Users knows the rest
        RuleFor(member => member.ConfirmPassword).Must((member, confirm) => (confirm ?? "") == (member.Password ?? ""))
            .WithMessage("The two passwords differ.");
        RuleFor(member => member.AccessLevel).Required();
        RuleFor(member => member.AccessLevel).Must((member, level) => level!.Value.IsFor(member.RoleType!.Value))
            .When(member => member is { AccessLevel: not null, RoleType: not null })
            .WithMessage(GroupRefusals.LevelNotForRoleType.Description).WithErrorCode(GroupRefusals.LevelNotForRoleTypeCode);
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? InvitationId);

internal sealed class AddUserToGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/api/groups/{groupId:guid}/members", Post)
        .RequireAccess(Access.ManageUsers)
        .WithName(nameof(AddUserToGroup)).WithTags("Members")
        .Produces<UserAdded>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(Guid groupId, Body<NewMember> body, Commands commands, CancellationToken ct)
    {
        var begun = await commands.Send(new AddUserToGroup(groupId, body), ct);
        if (begun.IsError)
            return Problems.ToProblem(begun.Errors);

        var (invitationId, userId, attempt, addedBy) = begun.Value;
        var member = body.Read().Value;
        if (invitationId is not null)
            return Results.Created($"/api/groups/{groupId}/invitations", new UserAdded(AddUserOutcome.Invited, null, invitationId));

        var account = await commands.Order(new AddAccount(
            userId, groupId, member.Email!.Trim(), member.Title.NullIfBlank(), member.FirstName!.Trim(), member.LastName!.Trim(), member.Password!, attempt, addedBy), ct);
        switch (account.IsError ? account.FirstError.Code : null)
        {
            case null:
                break;
            case AddAccount.EmailTaken:      // somebody else made an account with this email a moment ago: the reserved one will never be
                await commands.Send(new ReleaseReservation(groupId, userId), ct);
                return GroupRefusals.PasswordNotAllowed.ToProblem();
            case AddAccount.AttemptSuperseded:
                return GroupRefusals.BeingAdded.ToProblem();
            default:
                return Problems.ToProblem(account.Errors);      // the reservation stands: a repeat may bring a better password
        }

        return (await commands.Send(new ActivateReservation(groupId, userId, attempt, member), ct)).ToHttp(() =>
            Results.Created($"/api/groups/{groupId}/members/{userId}", new UserAdded(AddUserOutcome.Added, userId, null)));
    }
}

public static class AddUserToGroupHandler
{
    public static async Task<ErrorOr<AddUserStep>> Handle(
        AddUserToGroup command, GroupsDbContext db, UnitOfWork work, Commands commands, LookupLimit limit,
        IOptions<InvitationOptions> options, TimeProvider clock, IMessageContext messages, CancellationToken ct)
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var member = read.Value;

        if (!limit.TryUse(work.Caller.Person))
            return GroupRefusals.TooManyLookups;
        if (await commands.RefuseLocationsAsync(command.GroupId, member.LocationIds!, ct) is { } unassignable)
            return unassignable;
        var locked = await db.LockForChangeAsync(command.GroupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        var account = (await commands.Ask(new FindAccountByEmail(member.Email!), ct)).Account;      // only now that no other call of this group is making it
        if (!actor.MayGrant(member.Choice.Effective(member.RoleType!.Value), member.LocationIds!))
            return GroupRefusals.BeyondOwnAccess;

        var email = EmailAddress.Normalize(member.Email!);
        var reservation = await db.Reservations.SingleOrDefaultAsync(r => r.GroupId == group.Id && r.NormalizedEmail == email, ct);
        if (account is not null && account.UserId != reservation?.UserId)
        {
            if (reservation is not null)
                db.Reservations.Remove(reservation);      // the person has signed up by themselves since
            return await Invite(group, actor, member, account, db, work, options.Value, clock.GetUtcNow(), messages, ct);
        }

        if (!member.HasPassword)
            return GroupRefusals.PasswordRequired;
        if (reservation is null)
            db.Reservations.Add(reservation = Reservation.Make(group.Id, member.Email!, clock.GetUtcNow()));
        return new AddUserStep(null, reservation.UserId, reservation.BeginAttempt(), actor.UserId);
    }

    private static async Task<ErrorOr<AddUserStep>> Invite(
        Group group, Membership actor, NewMember member, AccountFacts account, GroupsDbContext db, UnitOfWork work,
        InvitationOptions options, DateTimeOffset now, IMessageContext messages, CancellationToken ct)
    {
        if (await db.FindMemberAsync(group.Id, account.UserId, ct) is { } membership)
            return membership.IsActive ? GroupRefusals.AlreadyMember : GroupRefusals.MemberDeactivated;

        var earlier = await db.Invitations.SingleOrDefaultAsync(
            invitation => invitation.GroupId == group.Id && invitation.UserId == account.UserId && invitation.Status == InvitationStatus.Pending, ct);
        if (earlier?.StatusAt(now) == InvitationStatus.Pending)
            return GroupRefusals.AlreadyInvited;
        if (member.HasPassword)
            return GroupRefusals.PasswordNotAllowed;

        if (earlier is not null)
        {
            earlier.Close(InvitationStatus.Expired, now);
            await db.SaveChangesAsync(ct);      // first the old one goes: there may be one pending at a time
        }

        var profile = member.ProfileOf(account.UserId) with { Email = account.Email };
        var invitation = Invitation.Make(group, actor, profile, member.Choice, member.LocationIds!, now, options.ExpireAfter);
        db.Invitations.Add(invitation);
        work.Audit("groups.user_invited", account.UserId, group.Id, new { invitation.Id, invitation.RoleType, invitation.Level });
        await messages.PublishAsync(new UserInvited(group.Id, group.Name, invitation.Id, account.UserId, invitation.InvitedByName, invitation.ExpiresAt));
        return new AddUserStep(invitation.Id, account.UserId, 0, actor.UserId);
    }
}

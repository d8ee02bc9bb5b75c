using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Does one thing to many users of a group, in one transaction. Each is checked as in a call of their own, and one who
/// is rejected stops no other. A repeat changes nothing more.
/// </summary>
public sealed record ChangeManyUsers(Guid GroupId, Body<UserBatch> Body) : Message, ICommand<UserBatchReport>;

/// <param name="Ids">Of members; with <see cref="UserBatchAct.Resend"/> of invitations.</param>
/// <param name="Reason">Of a deactivation.</param>
/// <param name="LocationIds">To assign or to take away.</param>
/// <param name="AccessLevel">A preset's name, or the id of one of the group's own levels.</param>
/// <param name="RevokeApiClients">
/// Of a deactivation: whether the API clients they made end too, and their webhooks are turned off; only owners may.
/// They go on otherwise.
/// </param>
public sealed record UserBatch(
    UserBatchAct? Act,
    IReadOnlyList<Guid>? Ids,
    string? Reason,
    IReadOnlyList<Guid>? LocationIds,
    AccessLevelId? AccessLevel,
    bool? RevokeApiClients = null
);

/// <param name="Items">In the order of the ids; an id that was sent twice is one.</param>
public sealed record UserBatchReport(IReadOnlyList<UserBatchResult> Items);

public enum UserBatchOutcome
{
    Done,

    /// <summary>It was so already.</summary>
    Unchanged,

    [JsonStringEnumMemberName("refused")]
    Rejected,
}

/// <param name="Code">Of the error that a call of their own would have had.</param>
public sealed record UserBatchResult(
    Guid Id,
    UserBatchOutcome Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null
);

internal sealed class UserBatchValidator : AbstractValidator<UserBatch>
{
    public UserBatchValidator()
    {
        RuleFor(batch => batch.Act).Required();
        RuleFor(batch => batch.Ids).OfBatch();
        RuleFor(batch => batch.Reason).OptionalMultilineText(500);
        Only(batch => batch.Reason is null, "reason", UserBatchAct.Deactivate);
        Only(batch => batch.RevokeApiClients is null, "revokeApiClients", UserBatchAct.Deactivate);
        RuleFor(batch => batch.LocationIds)
            .Locations()
            .NotEmpty()
            .WithMessage("Choose at least one location.")
            .When(batch => batch.Act is UserBatchAct.Assign or UserBatchAct.Unassign);
        Only(batch => batch.LocationIds is null, "locationIds", UserBatchAct.Assign, UserBatchAct.Unassign);
        RuleFor(batch => batch.AccessLevel).Required().When(batch => batch.Act == UserBatchAct.ChangeAccess);
        Only(batch => batch.AccessLevel is null, "accessLevel", UserBatchAct.ChangeAccess);
    }

    private void Only(Func<UserBatch, bool> absent, string field, params UserBatchAct[] acts) =>
        RuleFor(batch => batch)
            .Must(absent)
            .When(batch => batch.Act is { } act && !acts.Contains(act))
            .WithMessage("This act takes no such field.")
            .OverridePropertyName(field);
}

internal sealed class ChangeManyUsersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/users/batch", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ChangeManyUsers))
            .WithTags("Members")
            .Produces<UserBatchReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(Guid groupId, Body<UserBatch> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ChangeManyUsers(groupId, body), ct)).ToHttp(report => Results.Ok(report));
}

public static class ChangeManyUsersHandler
{
    public static async Task<ErrorOr<UserBatchReport>> Handle(
        ChangeManyUsers command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<InvitationOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var read = command.Body.Read();
        var known = read.IsError ? Known.Nothing : await AskAsync(command.GroupId, read.Value, db, bus, ct);
        var required =
            !read.IsError && Assigns(read.Value) ? Access.ManageUsers | Access.ManageLocations : Access.ManageUsers;
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, required, ct);
        if (locked.IsError)
            return locked.Errors;
        if (read.IsError)
            return read.Errors;

        var ((group, actor), batch) = (locked.Value, read.Value);
        if (batch.RevokeApiClients is true && !actor.IsOwner)
            return AuthorizationErrors.NotAllowed;
        var ids = batch.Ids!.Distinct().ToList();
        var found = await FindAsync(group.Id, batch, ids, db, ct);
        var changes = new MemberChanges(db, work, messages, clock.GetUtcNow());

        List<UserBatchResult> results = [];
        foreach (var id in ids)
        {
            var changed =
                batch.Act == UserBatchAct.Resend
                    ? await ResendAsync(id, found, changes, group, actor, options.Value)
                    : await ChangeAsync(id, batch, found, known, changes, group, actor, ct);
            if (!changed.IsError && batch is { Act: UserBatchAct.Deactivate, RevokeApiClients: true })
                await db.EndWhatTheyMadeAsync(found.Members[id], work, messages, ct);
            results.Add(ResultOf(id, changed));
            // The next one is checked against the owners who are left.
            if (found.Members.TryGetValue(id, out var owner) && owner.IsOwner)
                await db.SaveChangesAsync(ct);
        }

        return new UserBatchReport(results);
    }

    private static bool Assigns(UserBatch batch) => batch.Act is UserBatchAct.Assign or UserBatchAct.Unassign;

    /// <summary>Asked before the lock; see <see cref="DeactivateMember"/> and <see cref="AssignLocations"/>.</summary>
    private static async Task<Known> AskAsync(
        Guid groupId,
        UserBatch batch,
        GroupsDbContext db,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        new(
            await db.FindActingOwnersAsync(bus, groupId, batch.Ids!, ct),
            await bus.FindLocationsAsync(groupId, batch.LocationIds ?? [], ct),
            batch.Act is UserBatchAct.ChangeAccess or UserBatchAct.Assign
                ? await db.FindConfirmedAsync(bus, groupId, batch.Ids!.ToHashSet(), ct)
                : ConfirmedMembers.None
        );

    private static async Task<Found> FindAsync(
        Guid groupId,
        UserBatch batch,
        List<Guid> ids,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var invitations =
            batch.Act == UserBatchAct.Resend
                ? await db.VisibleInvitations(groupId)
                    .Where(invitation => ids.Contains(invitation.Id))
                    .ToDictionaryAsync(invitation => invitation.Id, ct)
                : [];
        var members = await db
            .Memberships.Where(member => member.GroupId == groupId && ids.Contains(member.UserId))
            .ToDictionaryAsync(member => member.UserId, ct);
        var levels = batch.AccessLevel is { } wanted
            ? await db.FindLevelsAsync(groupId, [wanted], ct)
            : KnownLevels.None;
        return new Found(invitations, members, levels);
    }

    private static async Task<ErrorOr<bool>> ResendAsync(
        Guid id,
        Found found,
        MemberChanges changes,
        Group group,
        Membership actor,
        InvitationOptions options
    ) =>
        !found.Invitations.TryGetValue(id, out var invitation) ? CommonErrors.NotFound
        : invitation.WhyNotManagedBy(actor) is { } refused ? refused
        : await changes.ResendAsync(group, actor, invitation, options.ExpireAfter);

    private static async Task<ErrorOr<bool>> ChangeAsync(
        Guid id,
        UserBatch batch,
        Found found,
        Known known,
        MemberChanges changes,
        Group group,
        Membership actor,
        CancellationToken ct
    )
    {
        if (!found.Members.TryGetValue(id, out var member))
            return CommonErrors.NotFound;
        if (Assigns(batch) ? !actor.Outranks(member) : !actor.MayManage(member))
            return GroupErrors.BeyondOwnAccess;
        var others = known.Owners.FindAll(other => other != id);
        switch (batch.Act)
        {
            case UserBatchAct.Deactivate:
                return await changes.DeactivateAsync(group, actor, member, batch.Reason, others, ct);
            case UserBatchAct.ChangeAccess:
                var level = found.Levels.Find(batch.AccessLevel!.Value, member.RoleType, member.LevelId);
                return level.IsError
                    ? level.Errors
                    : await changes.ChangeAccessAsync(
                        group,
                        actor,
                        member,
                        level.Value,
                        settings: null,
                        owner: null,
                        others,
                        known.Confirmed,
                        ct
                    );
            case UserBatchAct.Assign:
                return await AssignAsync([.. member.LocationIds.Union(batch.LocationIds!)]);
            case UserBatchAct.Unassign:
                return await AssignAsync([.. member.LocationIds.Except(batch.LocationIds!)]);
            default:
                throw new InvalidOperationException($"Unknown act {batch.Act}.");
        }

        async Task<ErrorOr<bool>> AssignAsync(IReadOnlyList<Guid> all) =>
            member.IsActive && member.LocationIds.Count == all.Count
                ? false
                : await changes.AssignAsync(group, actor, member, all, known.Locations, known.Confirmed, ct);
    }

    private static UserBatchResult ResultOf(Guid id, ErrorOr<bool> changed) =>
        !changed.IsError ? new(id, changed.Value ? UserBatchOutcome.Done : UserBatchOutcome.Unchanged)
        : changed.FirstError == GroupErrors.AlreadyDeactivated || changed.FirstError == GroupErrors.ResentJustNow
            ? new(id, UserBatchOutcome.Unchanged, changed.FirstError.Code, changed.FirstError.Description)
        : new(id, UserBatchOutcome.Rejected, changed.FirstError.Code, changed.FirstError.Description);

    /// <summary>What was asked before the lock.</summary>
    /// <param name="Owners">All who can act.</param>
    private sealed record Known(List<Guid> Owners, KnownLocations Locations, ConfirmedMembers Confirmed)
    {
        public static Known Nothing { get; } = new([], KnownLocations.None, ConfirmedMembers.None);
    }

    /// <summary>What is changed, and by which levels.</summary>
    private sealed record Found(
        Dictionary<Guid, Invitation> Invitations,
        Dictionary<Guid, Membership> Members,
        KnownLevels Levels
    );
}

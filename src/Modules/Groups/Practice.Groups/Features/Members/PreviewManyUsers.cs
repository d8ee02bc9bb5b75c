using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Idempotency;

namespace Practice.Groups.Features.Members;

/// <summary>Whom <see cref="ChangeManyUsers"/> would reach, by name, and what would stay booked.</summary>
internal sealed class PreviewManyUsersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/users/batch/preview", Post)
            .RequireAccess(Access.ManageUsers, changes: false)
            .RequirePerson()
            .WithoutIdempotency()
            .WithName("PreviewManyUsers")
            .WithTags("Members")
            .Produces<UserBatchPreview>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<UserBatchDraft> body,
        GroupsDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);

        var (act, ids) = (read.Value.Act, read.Value.Ids!.Distinct().ToList());
        var chosen =
            act == UserBatchAct.Resend
                ? await db.VisibleInvitations(groupId)
                    .AsNoTracking()
                    .Where(invitation => ids.Contains(invitation.Id))
                    .Select(invitation => new ChosenUser(
                        invitation.Id,
                        null,
                        invitation.Email,
                        null,
                        Array.Empty<ApiClientLeft>(),
                        Array.Empty<WebhookLeft>()
                    ))
                    .ToListAsync(ct)
                : await db
                    .Memberships.Where(member => member.GroupId == groupId && ids.Contains(member.UserId))
                    .Select(member => new ChosenUser(
                        member.UserId,
                        (member.Title == null ? "" : member.Title + " ") + member.FirstName + " " + member.LastName,
                        member.Email,
                        null,
                        Array.Empty<ApiClientLeft>(),
                        Array.Empty<WebhookLeft>()
                    ))
                    .ToListAsync(ct);
        var booked =
            act == UserBatchAct.Deactivate && chosen.Count > 0
                ? (
                    await bus.QueryAsync(
                        new FindBookedAppointments(groupId, [.. chosen.Select(member => member.Id)]),
                        ct
                    )
                ).Practitioners.ToDictionary(
                    of => of.PractitionerId,
                    of => new UserAppointments(of.Count, of.NextStartsAt, of.NextTimeZone)
                )
                : [];
        var ends = act == UserBatchAct.Deactivate && db.Call.Caller.IsOwner;
        var clients = ends ? await ReadClientsAsync() : null;
        var webhooks = ends ? await WebhookLeft.FindAsync(bus, groupId, ids, ct) : null;
        return Results.Ok(
            new UserBatchPreview([
                .. ids.Join(
                    chosen,
                    id => id,
                    user => user.Id,
                    (_, user) =>
                        user with
                        {
                            Booked = booked.GetValueOrDefault(user.Id),
                            ApiClients = clients?[user.Id].ToList() ?? [],
                            Webhooks = webhooks?[user.Id].ToList() ?? [],
                        }
                ),
            ])
        );

        async Task<ILookup<Guid, ApiClientLeft>> ReadClientsAsync() =>
            (await db.LiveClientsOf(groupId, ids, clock.GetUtcNow()).AsNoTracking().ToListAsync(ct)).ToLookup(
                client => client.CreatedById,
                client => new ApiClientLeft(client.Id, client.Name)
            );
    }
}

/// <param name="Ids">Of members; with <see cref="UserBatchAct.Resend"/> of invitations.</param>
internal sealed record UserBatchDraft(UserBatchAct? Act, IReadOnlyList<Guid>? Ids);

internal sealed class UserBatchDraftValidator : AbstractValidator<UserBatchDraft>
{
    public UserBatchDraftValidator()
    {
        RuleFor(draft => draft.Act).Required();
        RuleFor(draft => draft.Ids).OfBatch();
    }
}

/// <param name="Items">In the order of the ids, those whom the caller sees.</param>
internal sealed record UserBatchPreview(IReadOnlyList<ChosenUser> Items);

/// <param name="Name">Null for an invitation.</param>
/// <param name="Booked">Appointments that stay booked after a deactivation; null where there are none.</param>
/// <param name="ApiClients">
/// Those they made, which would go on after a deactivation: <c>revokeApiClients</c> revokes them too. Only owners see
/// them.
/// </param>
/// <param name="Webhooks">As <paramref name="ApiClients"/>; <c>revokeApiClients</c> turns them off.</param>
internal sealed record ChosenUser(
    Guid Id,
    string? Name,
    string Email,
    UserAppointments? Booked,
    IReadOnlyList<ApiClientLeft> ApiClients,
    IReadOnlyList<WebhookLeft> Webhooks
);

/// <param name="NextStartsAt">When the next one starts.</param>
/// <param name="NextTimeZone">The time zone of its location, if it is known.</param>
internal sealed record UserAppointments(int Count, DateTimeOffset NextStartsAt, string? NextTimeZone);

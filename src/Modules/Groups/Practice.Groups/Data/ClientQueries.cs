using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Data;

/// <summary>What the authority knows of a client, and this module does not.</summary>
internal sealed record ClientFacts(Guid ClientId, DateTimeOffset? LastTokenAt, DateTimeOffset? FormerUntil);

internal static class ClientQueries
{
    /// <summary>As <see cref="ForUpdate.GetForUpdateAsync"/> for an owner, and one of the group's clients.</summary>
    public static async Task<ErrorOr<(Membership Actor, ApiClient Client)>> GetClientForUpdateAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid clientId,
        Caller caller,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(groupId, caller, Access.Owner, ct);
        if (locked.IsError)
            return locked.Errors;
        return await db.ApiClients.SingleOrDefaultAsync(c => c.GroupId == groupId && c.Id == clientId, ct) is { } client
            ? (locked.Value.Actor, client)
            : CommonErrors.NotFound;
    }

    /// <summary>The clients whose access follows this level: revoked ones need none.</summary>
    public static IQueryable<ApiClient> ClientsWith(this GroupsDbContext db, OwnAccessLevel level) =>
        db.ApiClients.Where(client =>
            client.GroupId == level.GroupId && client.OwnLevelId == level.Id && client.RevokedAt == null
        );

    /// <summary>The clients that a member made and that can still do something, by age.</summary>
    public static IQueryable<ApiClient> LiveClientsOf(this GroupsDbContext db, Membership maker, DateTimeOffset now) =>
        db.LiveClientsOf(maker.GroupId, [maker.UserId], now);

    /// <inheritdoc cref="LiveClientsOf(GroupsDbContext, Membership, DateTimeOffset)"/>
    public static IQueryable<ApiClient> LiveClientsOf(
        this GroupsDbContext db,
        Guid groupId,
        IReadOnlyCollection<Guid> makerIds,
        DateTimeOffset now
    ) =>
        db
            .ApiClients.Where(client =>
                client.GroupId == groupId
                && makerIds.Contains(client.CreatedById)
                && client.RevokedAt == null
                && !(client.ExpiresAt <= now)
            )
            .OrderBy(client => client.Id);

    /// <summary>
    /// Ends what a member made and would go on without them: API clients at once, webhooks with an event. The caller
    /// makes sure that an owner asks.
    /// </summary>
    public static async Task EndWhatTheyMadeAsync(
        this GroupsDbContext db,
        Membership maker,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        foreach (var client in await db.LiveClientsOf(maker, work.Now).ToListAsync(ct))
            work.Revoke(client);
        await messages.PublishAsync(new WebhooksOfMemberEnded(maker.GroupId, maker.UserId));
    }

    /// <summary>Ends a client's access, and says so in the audit.</summary>
    public static void Revoke(this UnitOfWork work, ApiClient client)
    {
        client.Revoke(work.Now);
        work.Audit(GroupAudit.ClientRevoked, client.Id, client.GroupId);
    }

    /// <summary>Gives a client another secret.</summary>
    /// <returns>When the one before ends; null for the first.</returns>
    public static async Task<DateTimeOffset?> SetSecretAsync(
        this GroupsDbContext db,
        Guid clientId,
        string secret,
        CancellationToken ct
    ) =>
        (
            await db
                .Database.SqlQuery<DateTimeOffset?>(
                    $"""
                    select authority.set_client_secret({clientId}, {AuthorizationRequest.Hash(secret)}) as "Value"
                    """
                )
                .ToListAsync(ct)
        )[0];

    /// <summary>Of the authorized group's clients.</summary>
    public static Task<Dictionary<Guid, ClientFacts>> FindClientFactsAsync(
        this GroupsDbContext db,
        IEnumerable<Guid> clientIds,
        CancellationToken ct
    ) =>
        db
            .Database.SqlQuery<ClientFacts>(
                $"select client_id, last_token_at, former_until from authority.client_facts({clientIds.ToArray()})"
            )
            .ToDictionaryAsync(facts => facts.ClientId, ct);

    /// <summary>The names of those of the ids that are clients of the group.</summary>
    public static async Task<Dictionary<Guid, string>> FindClientNamesAsync(
        this GroupsDbContext db,
        Guid groupId,
        List<Guid> ids,
        CancellationToken ct
    ) =>
        ids.Count > 0
            ? await db
                .ApiClients.Where(client => client.GroupId == groupId && ids.Contains(client.Id))
                .ToDictionaryAsync(client => client.Id, client => client.Name, ct)
            : [];
}

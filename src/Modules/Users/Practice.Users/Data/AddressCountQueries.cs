using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class AddressCountQueries
{
    /// <summary>
    /// Counts one more. Returns how long to wait instead, if it is too often: the caller's error then takes the count
    /// back.
    /// </summary>
    public static async Task<TimeSpan?> CountFromAddressAsync(
        this UsersDbContext db,
        AddressAct act,
        string address,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (hash, kind, ended) = (AuthorizationRequest.Hash(address), act.ToString(), now - AddressCount.Window);
        var counted = await db
            .AddressCounts.FromSql(
                $"""
                insert into users.address_counts as known (address_hash, act, count, since)
                values ({hash}, {kind}, 1, {now})
                on conflict (address_hash, act) do update set
                    count = case when known.since <= {ended} then 1 else known.count + 1 end,
                    since = case when known.since <= {ended} then excluded.since else known.since end
                returning *
                """
            )
            .AsNoTracking()
            .ToListAsync(ct);
        return counted.Single().WaitAt(now);
    }

    /// <summary>It was no guess: it is not counted.</summary>
    public static Task UndoFromAddressAsync(
        this UsersDbContext db,
        AddressAct act,
        string address,
        CancellationToken ct
    )
    {
        var hash = AuthorizationRequest.Hash(address);
        return db
            .AddressCounts.Where(known => known.AddressHash == hash && known.Act == act && known.Count > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.Count, known => known.Count - 1), ct);
    }
}

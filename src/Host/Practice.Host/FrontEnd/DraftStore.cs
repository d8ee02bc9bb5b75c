using Npgsql;
using Practice.Shared.Persistence;
using Practice.Web.Drafts;

namespace Practice.Host.FrontEnd;

/// <summary>
/// Unsaved input in the database, for all hosts. It is encrypted for its person and its row:
/// moved to another person, it cannot be decrypted.
/// </summary>
internal sealed class DraftStore(PracticeDatabase database, SessionEncryption encryption, TimeProvider clock)
    : IDraftStore
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The oldest go first. Each is at most some 100 kB.</summary>
    private const int MaxDraftsPerPerson = 5;

    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.WebSchema);

    public async Task KeepAsync(Guid userId, Guid id, byte[] content, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var batch = _source.CreateBatch();
        batch.BatchCommands.Add(
            new("delete from web.drafts where expires_at <= $1") { Parameters = { new() { Value = now } } }
        );
        batch.BatchCommands.Add(
            new(
                """
                insert into web.drafts (id, user_id, sealed, kept_at, expires_at) values ($1, $2, $3, $4, $5)
                on conflict (id) do update
                set sealed = excluded.sealed, kept_at = excluded.kept_at, expires_at = excluded.expires_at
                where drafts.user_id = excluded.user_id
                """
            )
            {
                Parameters =
                {
                    new() { Value = id },
                    new() { Value = userId },
                    new() { Value = encryption.Encrypt(Place(userId, id), content) },
                    new() { Value = now },
                    new() { Value = now + Lifetime },
                },
            }
        );
        batch.BatchCommands.Add(
            new(
                """
                delete from web.drafts where id in (
                    select id from web.drafts where user_id = $1 order by kept_at desc, id desc offset $2)
                """
            )
            {
                Parameters =
                {
                    new() { Value = userId },
                    new() { Value = MaxDraftsPerPerson },
                },
            }
        );
        await batch.ExecuteNonQueryAsync(ct);
    }

    public async Task<IReadOnlyList<StoredDraft>> ReadAsync(Guid userId, CancellationToken ct)
    {
        await using var read = _source.CreateCommand(
            """
            select id, kept_at, sealed from web.drafts where user_id = $1 and expires_at > $2
            order by kept_at desc, id desc
            """
        );
        read.Parameters.AddWithValue(userId);
        read.Parameters.AddWithValue(clock.GetUtcNow());
        await using var reader = await read.ExecuteReaderAsync(ct);
        var drafts = new List<StoredDraft>();
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            if (encryption.Decrypt(Place(userId, id), reader.GetFieldValue<byte[]>(2)) is { } content)
                drafts.Add(new StoredDraft(id, reader.GetFieldValue<DateTimeOffset>(1), content));
        }

        return drafts;
    }

    public async Task DeleteAsync(Guid userId, Guid id, CancellationToken ct)
    {
        await using var delete = _source.CreateCommand("delete from web.drafts where user_id = $1 and id = $2");
        delete.Parameters.AddWithValue(userId);
        delete.Parameters.AddWithValue(id);
        await delete.ExecuteNonQueryAsync(ct);
    }

    private static string Place(Guid userId, Guid id) => $"draft/{userId}/{id}";
}

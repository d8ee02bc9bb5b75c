using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// What the writer of the hash chain works on (docs/adr/0010). An entry is noted in its own transaction, so that none
/// is skipped.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261123000001_AuditSeals")]
internal sealed class AuditSeals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            $"""
            create index entries_by_subject on audit.entries (group_id, subject_id, id desc);
            create index entries_by_actor on audit.entries (group_id, actor_id, id desc);
            create table audit.unsealed (entry_id uuid primary key);
            create table audit.seals (
                position bigint primary key,
                entry_id uuid not null unique,
                hash bytea not null,
                key_id text not null
            );
            create policy sealer on audit.entries for select to current_user using (true);

            -- As a role that can do nothing else there: those who append to the audit reach neither table.
            create function audit.note_unsealed() returns trigger
            language plpgsql security definer set search_path = '' as $$
            begin
                insert into audit.unsealed values (new.id);
                return null;
            end $$;
            revoke all on function audit.note_unsealed() from public;
            create trigger note_unsealed after insert on audit.entries for each row execute function audit.note_unsealed();
            """
        );
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// A host of the release before still writes into the five queues that <see cref="QueuesOfEvents"/> has moved. Its
/// messages get their new queue as they are stored, so that this release handles them if that host dies.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130520000_FormerQueues")]
internal sealed class FormerQueues : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var former = string.Join(", ", QueuesOfEvents.Moved.Select(queue => $"'{queue.From}'"));
        var cases = string.Join(' ', QueuesOfEvents.Moved.Select(queue => $"when '{queue.From}' then '{queue.To}'"));
        migrationBuilder.Sql(
            $"""
            do $do$ begin
                -- A new database does not have it yet, and no host of an earlier release either.
                if to_regclass('messaging.wolverine_incoming_envelopes') is null then return; end if;
                create function messaging.rename_queue() returns trigger
                language plpgsql set search_path = '' as $$ begin
                    new.received_at := case new.received_at {cases} end;
                    return new;
                end $$;
                create trigger rename_queue before insert on messaging.wolverine_incoming_envelopes
                for each row when (new.received_at in ({former})) execute function messaging.rename_queue();
                update messaging.wolverine_incoming_envelopes
                set received_at = case received_at {cases} end
                where received_at in ({former});
            end $do$;
            """
        );
    }
}

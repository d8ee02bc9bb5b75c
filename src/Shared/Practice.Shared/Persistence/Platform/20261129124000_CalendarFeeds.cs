using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>The secrets of members' calendar feeds, as hashes (docs/adr/0036).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261129124000_CalendarFeeds")]
internal sealed class CalendarFeeds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table authority.calendar_feeds (
                token_hash text primary key,
                user_id uuid not null,
                group_id uuid not null,
                own_only boolean not null,
                created_at timestamptz not null default now(),
                ended_at timestamptz
            );
            create index calendar_feeds_by_member on authority.calendar_feeds (user_id, group_id);
            create unique index one_calendar_feed on authority.calendar_feeds (user_id, group_id) where ended_at is null;
            alter table authority.calendar_feeds enable row level security;
            alter table authority.calendar_feeds force row level security;
            create policy functions_only on authority.calendar_feeds to current_user using (true) with check (true);
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}

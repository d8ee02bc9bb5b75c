using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <summary>
    /// Access levels that a group names itself. Members and invitations keep the id beside a preset: a host of an
    /// earlier release, which does not know the id, works out the same access (docs/adr/0034).
    /// </summary>
    [DbContext(typeof(GroupsDbContext))]
    [Migration("20261129122000_OwnAccessLevels")]
    public sealed class OwnAccessLevels : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table groups.access_levels (
                    id uuid not null constraint pk_access_levels primary key,
                    group_id uuid not null,
                    name text collate "und-x-icu" not null,
                    role_type text not null,
                    settings integer not null,
                    created_at timestamp with time zone not null,
                    archived_at timestamp with time zone
                );
                create index ix_access_levels_group_id_name_id on groups.access_levels (group_id, name, id);
                create unique index ix_access_levels_name_once on groups.access_levels (group_id, lower(name))
                    where archived_at is null;
                alter table groups.memberships add own_level_id uuid;
                alter table groups.invitations add own_level_id uuid;
                create index ix_memberships_group_id_own_level_id on groups.memberships (group_id, own_level_id)
                    where own_level_id is not null;
                """
            );
            migrationBuilder.ProtectByGroup("groups", "access_levels");
        }

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                alter table groups.memberships drop own_level_id;
                alter table groups.invitations drop own_level_id;
                drop table groups.access_levels;
                """
            );
    }
}

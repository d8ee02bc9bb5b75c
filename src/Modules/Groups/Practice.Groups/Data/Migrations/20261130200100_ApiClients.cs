using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <summary>A group's programs that call the API (docs/adr/0039).</summary>
    [DbContext(typeof(GroupsDbContext))]
    [Migration("20261130200100_ApiClients")]
    public sealed class ApiClients : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table groups.api_clients (
                    id uuid not null constraint pk_api_clients primary key,
                    group_id uuid not null,
                    name text not null,
                    role_type text not null,
                    level text not null,
                    own_level_id uuid,
                    switched_on integer not null,
                    switched_off integer not null,
                    created_at timestamp with time zone not null,
                    created_by_id uuid not null,
                    expires_at timestamp with time zone,
                    rotated_at timestamp with time zone,
                    revoked_at timestamp with time zone
                );
                create index ix_api_clients_group_id_id on groups.api_clients (group_id, id);
                """
            );
            migrationBuilder.ProtectByGroup("groups", "api_clients");
        }

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("drop table groups.api_clients;");
    }
}

using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Locations.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "locations");

            migrationBuilder.CreateTable(
                name: "locations",
                schema: "locations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "und-x-icu"),
                    address = table.Column<string>(type: "text", nullable: true),
                    phone = table.Column<string>(type: "text", nullable: true),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    colour = table.Column<string>(type: "text", nullable: true),
                    hours = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_locations", x => x.id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_locations_group_id_name_id",
                schema: "locations",
                table: "locations",
                columns: new[] { "group_id", "name", "id" }
            );

            // A member restricted to assigned locations sees and changes only those, whatever query a slice writes.
            migrationBuilder.ProtectByGroup("locations", "locations");
            migrationBuilder.NarrowByLocation("locations", "locations", column: "id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "locations", schema: "locations");
        }
    }
}

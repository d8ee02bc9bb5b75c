using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>The room of an appointment, why it was cancelled, and one practitioner's appointments by time.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129100000_WorkingDay")]
internal sealed class WorkingDay : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var column in new[] { "room", "cancel_reason" })
            migrationBuilder.AddColumn<string>(
                name: column,
                schema: "portal",
                table: "appointments",
                type: "text",
                nullable: true
            );
        migrationBuilder.CreateIndex(
            name: "ix_appointments_group_id_practitioner_id_starts_at",
            schema: "portal",
            table: "appointments",
            columns: ["group_id", "practitioner_id", "starts_at"]
        );
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>An export reads all of a group in the order of ids. Hosts write rows meanwhile.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140301_RowsOfGroup")]
internal sealed class RowsOfGroup : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in new[] { "patients", "appointments", "invoices" })
            migrationBuilder.CreateIndexConcurrently("portal", $"ix_{table}_group_id_id", $"{table} (group_id, id)");
    }
}

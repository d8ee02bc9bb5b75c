using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>What changed in a practice since a moment, in the order of the changes.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261130400001_ChangesOfGroup")]
internal sealed class ChangesOfGroup : Migration
{
    private const string Schema = PatientPortalDbContext.SchemaName;
    private static readonly string[] Tables = ["patients", "appointments", "invoices"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in Tables)
            migrationBuilder.CreateIndexConcurrently(
                Schema,
                $"ix_{table}_group_id_updated_at_id",
                $"{table} (group_id, updated_at, id)"
            );
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in Tables)
            migrationBuilder.Sql($"drop index {Schema}.ix_{table}_group_id_updated_at_id;");
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// Lists in the order of the date that they show. The indexes of the order before stay: hosts of the release before
/// read by them.
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261201180001_ListsByDate")]
internal sealed class ListsByDate : Migration
{
    private const string Schema = PatientPortalDbContext.SchemaName;

    private static readonly (string Table, string Owner, string Date, string Where)[] Lists =
    [
        ("appointments", "account_id", "starts_at", ""),
        ("invoices", "account_id", "issued_on", ""),
        ("invoices", "patient_id", "issued_on", ""),
        ("clinical_records", "account_id", "recorded_at", " where shared"),
        ("clinical_records", "patient_id", "recorded_at", ""),
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var (table, owner, date, where) in Lists)
            migrationBuilder.CreateIndexConcurrently(
                Schema,
                $"ix_{table}_{owner}_{date}_id",
                $"{table} ({owner}, {date}, id){where}"
            );
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var (table, owner, date, _) in Lists)
            migrationBuilder.Sql($"drop index {Schema}.ix_{table}_{owner}_{date}_id;");
    }
}

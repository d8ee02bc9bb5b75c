using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>
    /// Totals in currencies of three and four decimals, and the time zone in which a requested time was chosen. Taking
    /// the limit from a numeric rewrites no rows, and the release before reads and writes both tables as it did.
    /// </summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261128181000_TimeAndMoney")]
    public sealed class TimeAndMoney : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<decimal>(
                name: "total",
                schema: "portal",
                table: "invoices",
                type: "numeric",
                nullable: false,
                oldClrType: typeof(decimal),
                oldType: "numeric(18,2)",
                oldPrecision: 18,
                oldScale: 2
            );
            migrationBuilder.AddColumn<string>(
                name: "time_zone",
                schema: "portal",
                table: "requests",
                type: "text",
                nullable: true
            );
        }
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>An invoice keeps who it is from and to, as they were when it was issued.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129110200_InvoiceLetterhead")]
    public sealed class InvoiceLetterhead : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.invoices add letterhead jsonb;");

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.invoices drop letterhead;");
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261127000000_WarnedGuardians")]
    public partial class WarnedGuardians : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.guardians add warned text[] not null default '{}';");
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>Queries know at which locations a restricted caller works.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128000004_WorksAtOneOf")]
internal sealed class WorksAtOneOf : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        AuthorizationFunctions.CreateMissing(migrationBuilder);
}

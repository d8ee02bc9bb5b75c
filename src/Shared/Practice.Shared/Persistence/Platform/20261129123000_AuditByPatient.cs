using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// The audit of a group is also read by patient and by act. What an entry is about is its patient, else its subject. It
/// is a column: under row-level security no index serves an expression on the details. Hosts that write entries wait
/// while the column is added, a few seconds for a million entries; the indexes are built beside them.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261129123000_AuditByPatient")]
internal sealed class AuditByPatient : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            alter table audit.entries add column if not exists about_id uuid
            generated always as (coalesce((details ->> 'patientId')::uuid, subject_id)) stored
            """
        );
        foreach (var column in new[] { "about_id", "act" })
            migrationBuilder.CreateIndexConcurrently(
                "audit",
                $"entries_by_{column}",
                $"entries (group_id, {column}, id desc)"
            );
    }
}

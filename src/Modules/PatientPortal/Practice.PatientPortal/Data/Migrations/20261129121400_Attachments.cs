using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>Files of clinical records. Their content is compressed as a rule: PostgreSQL need not try.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129121400_Attachments")]
    public sealed class Attachments : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table portal.attachments (
                    id uuid not null constraint pk_attachments primary key,
                    group_id uuid not null,
                    patient_id uuid not null,
                    record_id uuid not null,
                    name text not null,
                    type text not null,
                    size integer not null,
                    hash bytea not null,
                    in_directory boolean not null,
                    added_by_id uuid not null,
                    added_by_name text not null,
                    added_at timestamptz not null
                );
                create index ix_attachments_record_id_id on portal.attachments (record_id, id);
                create table portal.attachment_chunks (
                    attachment_id uuid not null
                        constraint fk_attachment_chunks_attachments_attachment_id
                        references portal.attachments (id) on delete cascade,
                    number integer not null,
                    group_id uuid not null,
                    content bytea not null,
                    constraint pk_attachment_chunks primary key (attachment_id, number)
                );
                alter table portal.attachment_chunks alter content set storage external;
                """
            );
            RowPolicies.OfAttachments(migrationBuilder);
        }

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("drop table portal.attachment_chunks, portal.attachments;");
    }
}

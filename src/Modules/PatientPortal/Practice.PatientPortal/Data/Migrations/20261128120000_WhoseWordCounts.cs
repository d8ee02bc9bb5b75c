using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>
    /// A practice verifies a guardian for its own records only, and nobody becomes a guardian unasked. The data moves
    /// along: which practice verified a guardian is known from the invitation that they claimed. Where it is not, the
    /// practice invites them again. What was offered at an address becomes a request.
    /// </summary>
    public partial class WhoseWordCounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "verified",
                schema: "portal",
                table: "guardians",
                type: "jsonb",
                nullable: false,
                defaultValue: "[]"
            );

            migrationBuilder.CreateTable(
                name: "guardianship_requests",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_name = table.Column<string>(type: "text", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    relationship = table.Column<string>(type: "text", nullable: false),
                    asked_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_by_name = table.Column<string>(type: "text", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    declined_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guardianship_requests", x => x.id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_guardianship_requests_account_id",
                schema: "portal",
                table: "guardianship_requests",
                column: "account_id"
            );

            migrationBuilder.CreateIndex(
                name: "ix_guardianship_requests_asked_by_id_asked_at",
                schema: "portal",
                table: "guardianship_requests",
                columns: new[] { "asked_by_id", "asked_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_guardianship_requests_normalized_email",
                schema: "portal",
                table: "guardianship_requests",
                column: "normalized_email"
            );

            migrationBuilder.CreateIndex(
                name: "ix_guardianship_requests_user_id",
                schema: "portal",
                table: "guardianship_requests",
                column: "user_id"
            );

            migrationBuilder.Sql(
                """
                alter table portal.offers no force row level security;
                alter table portal.accounts no force row level security;
                alter table portal.guardians no force row level security;
                alter table portal.patients no force row level security;
                alter table portal.patient_invitations no force row level security;
                insert into portal.guardianship_requests (
                    id, account_id, account_name, normalized_email, relationship, asked_by_id, asked_by_name, asked_at)
                select o.id, o.account_id, a.first_name || ' ' || a.last_name, o.normalized_email, o.relationship,
                    o.added_by_id, g.user_name, o.offered_at
                from portal.offers o
                join portal.accounts a on a.id = o.account_id
                join portal.guardians g on g.account_id = o.account_id and g.user_id = o.added_by_id
                where o.grant_id is null;
                delete from portal.offers where grant_id is null;

                update portal.guardians g
                set verified = coalesce(
                    (
                        select jsonb_agg(jsonb_build_object('groupId', v.group_id, 'until', v.guardian_until))
                        from (
                            select distinct on (p.group_id) p.group_id, i.guardian_until
                            from portal.patient_invitations i
                            join portal.patients p on p.id = i.patient_id
                            where p.account_id = g.account_id and i.for_guardian
                                and i.claimed_at is not null and i.guardian_until is not null
                                and i.normalized_email = upper(g.user_email)
                            order by p.group_id, i.claimed_at desc
                        ) v
                    ),
                    '[]')
                where g.verified_until is not null;
                alter table portal.offers force row level security;
                alter table portal.accounts force row level security;
                alter table portal.guardians force row level security;
                alter table portal.patients force row level security;
                alter table portal.patient_invitations force row level security;
                """
            );

            migrationBuilder.DropColumn(name: "added_by_id", schema: "portal", table: "offers");

            migrationBuilder.DropColumn(name: "relationship", schema: "portal", table: "offers");

            migrationBuilder.DropColumn(name: "verified_until", schema: "portal", table: "guardians");

            migrationBuilder.AlterColumn<Guid>(
                name: "grant_id",
                schema: "portal",
                table: "offers",
                type: "uuid",
                nullable: false,
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true
            );

            RowPolicies.OfGuardianshipRequests(migrationBuilder);
            RowPolicies.NarrowToOpenedPractices(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "guardianship_requests", schema: "portal");

            migrationBuilder.DropColumn(name: "verified", schema: "portal", table: "guardians");

            migrationBuilder.AlterColumn<Guid>(
                name: "grant_id",
                schema: "portal",
                table: "offers",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid"
            );

            migrationBuilder.AddColumn<Guid>(
                name: "added_by_id",
                schema: "portal",
                table: "offers",
                type: "uuid",
                nullable: true
            );

            migrationBuilder.AddColumn<string>(
                name: "relationship",
                schema: "portal",
                table: "offers",
                type: "text",
                nullable: true
            );

            migrationBuilder.AddColumn<DateOnly>(
                name: "verified_until",
                schema: "portal",
                table: "guardians",
                type: "date",
                nullable: true
            );
        }
    }
}

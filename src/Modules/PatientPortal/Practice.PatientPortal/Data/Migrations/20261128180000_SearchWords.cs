using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class SearchWords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "patient_words",
                schema: "portal",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    word = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_patient_words", x => new
                    {
                        x.group_id,
                        x.word,
                        x.patient_id,
                    });
                    table.ForeignKey(
                        name: "fk_patient_words_patients_patient_id",
                        column: x => x.patient_id,
                        principalSchema: "portal",
                        principalTable: "patients",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            // The rows that there are come first: the policy would show them to nobody but their tenants. The columns
            // come last, since they lock out readers. search_text and sort_name stay for hosts of the release before,
            // which may run beside this one.
            migrationBuilder.Sql(
                """
                select search.share_rights('portal.patients', 'portal.patient_words');

                create function portal.index_patient() returns trigger language plpgsql as $$
                declare
                    found text[] := search.words(new.first_name) || search.words(new.last_name) || coalesce(search.words(new.email), '{}')
                        || to_char(new.date_of_birth, 'YYYYMMDD') || ('p' || right(new.id::text, 8));
                begin
                    delete from portal.patient_words
                    where patient_id = new.id and word <> all (found);
                    insert into portal.patient_words (group_id, word, patient_id)
                    select distinct new.group_id, word, new.id from unnest(found) word
                    on conflict do nothing;
                    return null;
                end $$;
                create trigger index_patient after insert or update of first_name, last_name, email, date_of_birth on portal.patients
                for each row execute function portal.index_patient();

                insert into portal.patient_words (group_id, word, patient_id)
                select distinct group_id, word, id
                from portal.patients, unnest(search.words(first_name) || search.words(last_name) || coalesce(search.words(email), '{}')
                        || to_char(date_of_birth, 'YYYYMMDD') || ('p' || right(id::text, 8))) word;
                """
            );
            migrationBuilder.CreateIndex(
                name: "ix_patient_words_patient_id",
                schema: "portal",
                table: "patient_words",
                columns: new[] { "patient_id" }
            );
            migrationBuilder.ProtectByGroup("portal", "patient_words");
            migrationBuilder.Sql(
                """
                analyze portal.patient_words;

                alter table portal.patients
                    add last_name_key text collate "C" generated always as (left(search.fold(last_name), 100)) stored,
                    add first_name_key text collate "C" generated always as (left(search.fold(first_name), 100)) stored;
                create index ix_patients_group_id_last_name_key_first_name_key_id
                    on portal.patients (group_id, last_name_key, first_name_key, id);
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table portal.patients drop last_name_key, drop first_name_key;
                drop trigger index_patient on portal.patients;
                drop function portal.index_patient;
                """
            );
            migrationBuilder.DropTable(name: "patient_words", schema: "portal");
        }
    }
}

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
                }
            );

            // The rows that there are come first: the policy would show them to nobody but their tenants. The columns
            // that lock out readers are in the migrations before and after. search_text and sort_name stay for hosts of the release before,
            // which may run beside this one.
            migrationBuilder.Sql(
                """
                lock table portal.patients in share row exclusive mode; -- at once: a stronger lock later could deadlock

                -- As names have come in since ADR 18; search folds both forms.
                update portal.patients
                set first_name = normalize(first_name, nfc), last_name = normalize(last_name, nfc)
                where first_name is not nfc normalized or last_name is not nfc normalized;
                update portal.accounts
                set first_name = normalize(first_name, nfc), last_name = normalize(last_name, nfc)
                where first_name is not nfc normalized or last_name is not nfc normalized;

                select search.share_rights('portal.patients', 'portal.patient_words');

                -- A number as it is written, and without what people leave out: the leading zero, the country. The last
                -- eight digits tell two numbers apart, however they are written.
                create function portal.phone_words(p_phone text) returns text[] language sql immutable as $$
                    select coalesce(array_agg(distinct word), '{}')
                    from regexp_split_to_table(p_phone, '[/,;]') part,
                        lateral (
                            select regexp_replace(part, '[^0-9]', '', 'g') as digits, part ~ '^\s*([+]|00)' as abroad
                        ) phone,
                        unnest(search.words(part) || array[
                            digits, ltrim(digits, '0'),
                            case when abroad then substr(ltrim(digits, '0'), 2) end,
                            case when abroad then substr(ltrim(digits, '0'), 3) end,
                            case when abroad then substr(ltrim(digits, '0'), 4) end,
                            case when length(digits) >= 8 then 'tel' || right(digits, 8) end]) word
                    where word <> ''
                $$;

                create function portal.index_patient() returns trigger language plpgsql as $$
                declare
                    found text[] := search.words(new.first_name) || search.words(new.last_name) || coalesce(search.words(new.email), '{}')
                        || portal.phone_words(new.phone) || to_char(new.date_of_birth, 'YYYYMMDD') || ('p' || right(new.id::text, 8));
                begin
                    delete from portal.patient_words
                    where patient_id = new.id and word <> all (found);
                    insert into portal.patient_words (group_id, word, patient_id)
                    select distinct new.group_id, word, new.id from unnest(found) word
                    on conflict do nothing;
                    return null;
                end $$;
                -- Plans see through no plpgsql: it reads the words first, and says that it finds little, so that each row
                -- found is then read by its key. Otherwise a policy's conditions have all rows of the group read.
                create function portal.find_patients(p_group uuid, p_text text) returns table (id uuid)
                language plpgsql stable rows 1 as $$
                declare
                    sought text[] := array(select search.sought(p_text));
                    -- What begins with a word comes before the word with the last of all letters behind it. Put together
                    -- beforehand, since under a policy only what is leakproof reaches the index.
                    beyond text[] := array(select word || chr(1114111) from unnest(sought) word);
                begin
                    return query
                    select found.patient_id
                    from (
                        select distinct begins.word, indexed.patient_id
                        from unnest(sought, beyond) begins (word, beyond),
                            lateral (
                                select words.patient_id from portal.patient_words words
                                where words.group_id = p_group
                                    and words.word >= begins.word and words.word < begins.beyond
                                offset 0) indexed) found -- offset: word by word, whatever is known of the table
                    group by found.patient_id having count(*) = cardinality(sought);
                end $$;

                create trigger index_patient after insert or update of first_name, last_name, email, phone, date_of_birth on portal.patients
                for each row execute function portal.index_patient();

                insert into portal.patient_words (group_id, word, patient_id)
                select distinct group_id, word, id
                from portal.patients, unnest(search.words(first_name) || search.words(last_name) || coalesce(search.words(email), '{}')
                        || to_char(date_of_birth, 'YYYYMMDD') || ('p' || right(id::text, 8))) word;
                """
            );
            migrationBuilder.AddForeignKey(
                name: "fk_patient_words_patients_patient_id",
                schema: "portal",
                table: "patient_words",
                column: "patient_id",
                principalSchema: "portal",
                principalTable: "patients",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade
            );
            migrationBuilder.CreateIndex(
                name: "ix_patient_words_patient_id",
                schema: "portal",
                table: "patient_words",
                columns: new[] { "patient_id" }
            );
            migrationBuilder.ProtectByGroup("portal", "patient_words");
            migrationBuilder.Sql("analyze portal.patient_words;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                drop trigger index_patient on portal.patients;
                drop function portal.index_patient, portal.find_patients, portal.phone_words;
                """
            );
            migrationBuilder.DropTable(name: "patient_words", schema: "portal");
        }
    }
}

using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class SearchWords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "member_words",
                schema: "groups",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    word = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_member_words", x => new
                    {
                        x.group_id,
                        x.word,
                        x.user_id,
                    });
                }
            );

            // The rows that there are come first: the policy would show them to nobody but their tenants. The columns
            // that lock out readers are in the migration after this one. search_text and sort_name stay for hosts of the release before,
            // which may run beside this one.
            migrationBuilder.Sql(
                """
                lock table groups.memberships in share row exclusive mode; -- at once: a stronger lock later could deadlock

                -- As names have come in since ADR 18; search folds both forms.
                update groups.memberships
                set first_name = normalize(first_name, nfc), last_name = normalize(last_name, nfc)
                where first_name is not nfc normalized or last_name is not nfc normalized;

                select search.share_rights('groups.memberships', 'groups.member_words');

                create function groups.index_member() returns trigger language plpgsql as $$
                declare
                    found text[] := search.words(new.first_name) || search.words(new.last_name) || coalesce(search.words(new.email), '{}');
                begin
                    delete from groups.member_words
                    where group_id = new.group_id and user_id = new.user_id and word <> all (found);
                    insert into groups.member_words (group_id, word, user_id)
                    select distinct new.group_id, word, new.user_id from unnest(found) word
                    on conflict do nothing;
                    return null;
                end $$;
                -- Plans see through no plpgsql: it reads the words first, and says that it finds little, so that each row
                -- found is then read by its key. Otherwise a policy's conditions have all rows of the group read.
                create function groups.find_members(p_group uuid, p_text text) returns table (id uuid)
                language plpgsql stable rows 1 as $$
                declare
                    sought text[] := array(select search.sought(p_text));
                    -- What begins with a word comes before the word with the last of all letters behind it. Put together
                    -- beforehand, since under a policy only what is leakproof reaches the index.
                    beyond text[] := array(select word || chr(1114111) from unnest(sought) word);
                begin
                    return query
                    select found.user_id
                    from (
                        select distinct begins.word, indexed.user_id
                        from unnest(sought, beyond) begins (word, beyond),
                            lateral (
                                select words.user_id from groups.member_words words
                                where words.group_id = p_group
                                    and words.word >= begins.word and words.word < begins.beyond
                                offset 0) indexed) found -- offset: word by word, whatever is known of the table
                    group by found.user_id having count(*) = cardinality(sought);
                end $$;

                create trigger index_member after insert or update of first_name, last_name, email on groups.memberships
                for each row execute function groups.index_member();

                insert into groups.member_words (group_id, word, user_id)
                select distinct group_id, word, user_id
                from groups.memberships, unnest(search.words(first_name) || search.words(last_name) || coalesce(search.words(email), '{}')) word;
                """
            );
            migrationBuilder.AddForeignKey(
                name: "fk_member_words_memberships_group_id_user_id",
                schema: "groups",
                table: "member_words",
                columns: new[] { "group_id", "user_id" },
                principalSchema: "groups",
                principalTable: "memberships",
                principalColumns: new[] { "group_id", "user_id" },
                onDelete: ReferentialAction.Cascade
            );
            migrationBuilder.CreateIndex(
                name: "ix_member_words_group_id_user_id",
                schema: "groups",
                table: "member_words",
                columns: new[] { "group_id", "user_id" }
            );
            migrationBuilder.ProtectByGroup("groups", "member_words");
            migrationBuilder.Sql("analyze groups.member_words;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                drop trigger index_member on groups.memberships;
                drop function groups.index_member, groups.find_members;
                """
            );
            migrationBuilder.DropTable(name: "member_words", schema: "groups");
        }
    }
}

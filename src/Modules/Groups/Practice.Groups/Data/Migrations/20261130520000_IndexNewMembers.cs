using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Groups.Data.Migrations;

/// <summary>
/// A new member has no words yet. Looking for them took longer with each member of the same insert, since its plan was
/// made while the table was empty: 20,000 took two minutes.
/// </summary>
[DbContext(typeof(GroupsDbContext))]
[Migration("20261130520000_IndexNewMembers")]
internal sealed class IndexNewMembers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create or replace function groups.index_member() returns trigger language plpgsql as $$
            declare
                found text[] := search.words(new.first_name) || search.words(new.last_name) || coalesce(search.words(new.email), '{}');
            begin
                if tg_op = 'UPDATE' then
                    delete from groups.member_words
                    where group_id = new.group_id and user_id = new.user_id and word <> all (found);
                end if;
                insert into groups.member_words (group_id, word, user_id)
                select distinct new.group_id, word, new.user_id from unnest(found) word
                on conflict do nothing;
                return null;
            end $$;
            """
        );
}

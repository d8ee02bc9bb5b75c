using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// How names are compared, searched and ordered (docs/adr/0023). All modules may call these functions, and so may hosts
/// of earlier releases, whose rows the triggers index too. A change of what they answer needs a migration that indexes
/// all rows again.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128180000_Search")]
internal sealed class Search : Migration
{
    /// <summary>Apostrophes, quotation marks, dots, and then hyphens, for a bracket expression.</summary>
    private const string Joints =
        @"''""`.\u00AB\u00B7\u00BB\u02B9-\u02BF\u02C8\u02CA\u02CB\u05F3\u05F4\u2018-\u201F\u2022\u2027\u2032\u2033\u2035"
        + @"\u2039\u203A\u3002\u30FB\uA78C\u002D\u058A\u05BE\u2010-\u2015\u2043\u2212";

    /// <summary>Blanks of all widths, commas and semicolons.</summary>
    private const string Blanks = @"\u0001-\u0020\u0085\u00A0\u1680\u2028\u2029,;\u060C\u3001";

    /// <summary>Accents, vowel points, the tatweel, and what cannot be seen.</summary>
    private const string Marks =
        @"\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F"
        + @"\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF"
        + @"\uFE20-\uFE2F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F"
        + @"\uFE00-\uFE0F\uFEFF\U000E0000-\U000E01EF";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            $$"""
            create schema search;
            grant usage on schema search to public; -- also earlier releases' roles write rows that are indexed

            -- Compatible forms, lower case whatever the database's locale, no accents, Latin letters by their base.
            create function search.letters(p_text text) returns text
            language plpgsql immutable strict parallel safe as $$
            declare
                plain text := translate(p_text, U&'\00B4\0384\1FBD\1FBF\1FFD\1FFE', '''''''''''''');
            begin
                plain := lower(normalize(plain, nfkd) collate "{{Collations.AsPeopleSort}}");
                plain := regexp_replace(plain, '[{{Marks}}]', '', 'g');
                plain := translate(plain, U&'\0142\00F8\0111\00F0\0127\0167\0131\03C2', U&'loddhti\03C3');
                return replace(replace(replace(replace(plain,
                    U&'\00DF', 'ss'), U&'\00E6', 'ae'), U&'\0153', 'oe'), U&'\00FE', 'th');
            end $$;

            -- The text as it is compared: words without apostrophes, dots and hyphens, one blank between two.
            create function search.fold(p_text text) returns text
            language plpgsql immutable strict parallel safe as $$
            declare
                plain text := search.letters(p_text);
                folded text := regexp_replace(plain, '[{{Joints}}]', '', 'g');
            begin
                folded := btrim(regexp_replace(folded, '[{{Blanks}}]+', ' ', 'g'), ' ');
                -- What is nothing but marks is compared as it is.
                return coalesce(nullif(folded, ''), nullif(plain, ''), p_text);
            end $$;

            -- What is indexed: the text from each word on, with nothing between the words. So "Anne-Marie" is found by
            -- annemarie, by anne and by marie.
            create function search.words(p_text text) returns text[]
            language plpgsql immutable strict parallel safe as $$
            declare
                plain text := regexp_replace(search.letters(p_text), '[{{Joints}}{{Blanks}}]+', ' ', 'g');
                parts text[] := array_remove(string_to_array(
                    regexp_replace(plain, '([!-/:-@\[-`{-~])', ' \1 ', 'g'), ' '), '');
            begin
                if parts = '{}' then
                    return array[left(search.fold(p_text), 100)];
                end if;
                return (
                    select array_agg(distinct left(array_to_string(parts[i:], ''), 100))
                    from generate_subscripts(parts, 1) i);
            end $$;

            -- The words of a search, each of which must begin an indexed one. The longest eight are enough.
            create function search.sought(p_text text) returns setof text
            language sql immutable strict parallel safe as $$
                select word from (
                    select distinct left(part, 100) as word
                    from unnest(string_to_array(search.fold(p_text), ' ')) part where part <> '') words
                order by length(word) desc, word limit 8
            $$;

            -- Gives a table of words the rights that roles have on the table of their rows, before a trigger writes there.
            create function search.share_rights(p_rows regclass, p_words regclass) returns void
            language plpgsql as $$
            declare login text;
            begin
                for login in
                    select distinct grantee::regrole::text from pg_class, aclexplode(relacl)
                    where oid = p_rows and grantee not in (relowner, 0) and privilege_type = 'INSERT'
                loop
                    execute format('grant select, insert, delete on %s to %s', p_words, login);
                end loop;
            end $$;
            revoke all on function search.share_rights from public;
            """
        );
    }
}

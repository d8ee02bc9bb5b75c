-- Which tables have group_id, and is it in their primary key? Which other unique indexes do not have it, and which
-- triggers are there? (docs/scaling.md)
select t.oid::regclass::text as "table",
    exists (select from pg_attribute where attrelid = t.oid and attname = 'group_id' and not attisdropped) as has_group,
    coalesce((select bool_or(a.attname = 'group_id') from pg_index i
        join pg_attribute a on a.attrelid = t.oid and a.attnum = any (i.indkey)
        where i.indrelid = t.oid and i.indisprimary), false) as in_key,
    coalesce((select string_agg(columns, ', ' order by columns) from (
        select format('(%s)', string_agg(a.attname, ', ' order by array_position(i.indkey::int[], a.attnum::int)))
            as columns
        from pg_index i join pg_attribute a on a.attrelid = t.oid and a.attnum = any (i.indkey)
        where i.indrelid = t.oid and i.indisunique and not i.indisprimary
        group by i.indexrelid having not bool_or(a.attname = 'group_id')) one), '') as unique_without,
    coalesce((select string_agg(tgname, ', ' order by tgname) from pg_trigger
        where tgrelid = t.oid and not tgisinternal and tgtype & 1 = 1), '') as row_triggers,
    coalesce((select string_agg(tgname, ', ' order by tgname) from pg_trigger
        where tgrelid = t.oid and not tgisinternal and tgtype & 1 = 0), '') as statement_triggers
from pg_class t
join pg_namespace n on n.oid = t.relnamespace
where t.relkind in ('r', 'p') and t.relname <> '__EFMigrationsHistory'
    and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
order by 1;

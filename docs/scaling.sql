-- Which tables have group_id, and is it in their primary key? (docs/scaling.md)
select t.oid::regclass::text as "table",
    exists (select from pg_attribute where attrelid = t.oid and attname = 'group_id' and not attisdropped) as has_group,
    coalesce(bool_or(a.attname = 'group_id') filter (where i.indisprimary), false) as in_key,
    string_agg(a.attname, ', ') filter (where i.indisprimary) as key
from pg_class t
join pg_namespace n on n.oid = t.relnamespace
left join pg_index i on i.indrelid = t.oid and i.indisprimary
left join pg_attribute a on a.attrelid = t.oid and a.attnum = any (i.indkey)
where t.relkind in ('r', 'p') and t.relname <> '__EFMigrationsHistory'
    and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
group by t.oid order by 1;

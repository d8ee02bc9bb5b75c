-- Whether the caller works at one of these locations, or is not restricted to their own. For queries.
create or replace function authority.works_at_one_of(p_locations uuid[]) returns boolean language sql stable as $$
    select coalesce(
        current_setting('app.location_ids', true) = '*'
        or p_locations && nullif(nullif(current_setting('app.location_ids', true), ''), '*')::uuid[], false)
$$;

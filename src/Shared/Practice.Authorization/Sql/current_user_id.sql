-- The signed-in person, for queries.
create or replace function authority.current_user_id() returns uuid language sql stable as
    $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

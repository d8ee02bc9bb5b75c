#!/bin/sh
# The owner of the product's database: no superuser, so that row-level security holds it, too. The image of PostgreSQL
# runs this once, when it makes the database, and gives its superuser the same password; that is taken back.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username postgres --dbname postgres <<'END'
create role practice login createrole password :'password';
create database practice owner practice;
alter role postgres password null;
END

#!/bin/bash
# Runs once, in an empty database server: the owner of Gatehouse's database is neither superuser nor exempt from row-level security.
set -euo pipefail

psql -v ON_ERROR_STOP=1 -v password="$GATEHOUSE_OWNER_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE gatehouse_owner LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE gatehouse OWNER gatehouse_owner;
SQL

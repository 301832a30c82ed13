#!/usr/bin/env bash
# Prints fresh secrets for docker-compose.yml: infra/new-secrets.sh > .env
set -euo pipefail

for name in GATEHOUSE_POSTGRES_PASSWORD GATEHOUSE_OWNER_PASSWORD GATEHOUSE_APP_PASSWORD GATEHOUSE_COMPILER_PASSWORD \
  GATEHOUSE_DATAPLANE_CREDENTIAL GATEHOUSE_ADMIN_TOKEN GATEHOUSE_ADMIN_PASSWORD; do
  printf '%s=%s\n' "$name" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
# Encrypts certificates' private keys: keep a copy apart from the database's backups.
printf 'GATEHOUSE_KEK=%s\n' "$(head -c 32 /dev/urandom | base64)"

-- Walls and grants of the wishes to revoke (docs/decisions/0006): the API's login takes them in, the engine carries them out for all tenants.
ALTER TABLE certificate_revocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE certificate_revocations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON certificate_revocations FOR ALL TO gatehouse_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY compiler ON certificate_revocations FOR ALL TO gatehouse_compiler USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON certificate_revocations TO gatehouse_app;
GRANT SELECT, UPDATE ON certificate_revocations TO gatehouse_compiler;

-- Orders of the last hour, which the budget counts. They outlive their tenant: making it anew gives no new budget.
CREATE TABLE acme_orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    directory text NOT NULL,
    ordered_by uuid NOT NULL,
    ordered_at timestamptz NOT NULL,
    CONSTRAINT acme_orders_pkey PRIMARY KEY (id)
);
CREATE INDEX acme_orders_directory_ordered_at_idx ON acme_orders (directory, ordered_at);
GRANT SELECT, INSERT, DELETE ON acme_orders TO gatehouse_compiler;

-- The key that an account is about to get: there before the authority is told, so that after a crash one of the two is the right one.
ALTER TABLE acme_accounts
    ADD COLUMN key_created_at timestamptz,
    ADD COLUMN next_kek_id text,
    ADD COLUMN next_wrapped_key bytea,
    ADD COLUMN next_ciphertext bytea,
    ADD COLUMN next_created_at timestamptz,
    ADD CONSTRAINT acme_accounts_next_key CHECK (num_nulls(next_kek_id, next_wrapped_key, next_ciphertext, next_created_at) IN (0, 4));

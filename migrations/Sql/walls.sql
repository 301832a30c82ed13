-- Row-level security and grants (docs/decisions/0006). FORCE: the owner is bound too. A bare cast of the setting would throw on
-- a pooled connection, where a setting that ended with its transaction reads as an empty string.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['resources', 'hostname_claims', 'memberships', 'api_tokens', 'audit_events',
                                        'revisions', 'revision_changes', 'idempotency_keys'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format($policy$
            CREATE POLICY tenant ON %I FOR ALL TO gatehouse_app
            USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
            WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)$policy$, tenant_table);
    END LOOP;

    -- What the compile host reads, and nothing else: it needs no members, tokens or audit events.
    FOREACH tenant_table IN ARRAY ARRAY['resources', 'hostname_claims', 'revisions', 'revision_changes'] LOOP
        EXECUTE format('CREATE POLICY compiler ON %I FOR SELECT TO gatehouse_compiler USING (true)', tenant_table);
        EXECUTE format('GRANT SELECT ON %I TO gatehouse_compiler', tenant_table);
    END LOOP;
END $$;

-- The questions that come before a tenant is known: whose token is this, and where is this user a member.
CREATE POLICY presented_token ON api_tokens FOR SELECT TO gatehouse_app
    USING (encode(token_hash, 'hex') = NULLIF(current_setting('app.token_hash', true), ''));
CREATE POLICY own_memberships ON memberships FOR SELECT TO gatehouse_app
    USING (user_id = NULLIF(current_setting('app.user_id', true), '')::uuid);

GRANT USAGE ON SCHEMA public TO gatehouse_app, gatehouse_compiler;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    tenants, users, user_claims, user_logins, user_tokens, sessions,
    resources, memberships, api_tokens, idempotency_keys TO gatehouse_app;
GRANT SELECT, UPDATE ON revision_head TO gatehouse_app;
GRANT SELECT, DELETE ON hostname_claims TO gatehouse_app;
-- History is append-only.
GRANT SELECT, INSERT ON audit_events, revisions, revision_changes TO gatehouse_app;
GRANT SELECT ON replica_acknowledgements TO gatehouse_app;

GRANT SELECT ON tenants, revision_head TO gatehouse_compiler;
GRANT SELECT, INSERT, UPDATE, DELETE ON replica_acknowledgements TO gatehouse_compiler;

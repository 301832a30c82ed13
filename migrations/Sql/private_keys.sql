-- The wall, and who may read what (docs/decisions/0006): the API's login writes ciphertexts and cannot read them back; only the
-- compile host's login reads them, to hand them to data planes. Neither has the key-encryption key in the database.
ALTER TABLE private_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE private_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON private_keys FOR ALL TO gatehouse_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY compiler ON private_keys FOR SELECT TO gatehouse_compiler USING (true);
GRANT SELECT (tenant_id, certificate_id, version, key_fingerprint, kek_id, wrapped_key, updated_at), INSERT, UPDATE, DELETE
    ON private_keys TO gatehouse_app;
GRANT SELECT ON private_keys TO gatehouse_compiler;

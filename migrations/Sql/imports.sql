-- The question that comes before the tenants of a platform admin's import are known: where does this source own objects
-- (docs/decisions/0006). Nobody writes through it; the wall still checks every row that is written.
CREATE POLICY platform_import ON resources FOR SELECT TO gatehouse_app
    USING (managed_scope = 'platform' AND managed_source = NULLIF(current_setting('app.import_source', true), ''));

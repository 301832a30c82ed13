-- The wall, and who may read what, as for private_keys (docs/decisions/0006, 0014): the API's login writes ciphertexts and cannot read them
-- back; only the compiler's login reads them, to reach clusters.
ALTER TABLE cluster_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE cluster_credentials FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cluster_credentials FOR ALL TO gatehouse_app
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY compiler ON cluster_credentials FOR SELECT TO gatehouse_compiler USING (true);
GRANT SELECT (tenant_id, cluster_id, version, kek_id, wrapped_key, updated_at), INSERT, UPDATE, DELETE ON cluster_credentials TO gatehouse_app;
GRANT SELECT ON cluster_credentials TO gatehouse_compiler;

-- What sync workers keep (docs/decisions/0015). Clusters are named by their id, so a new cluster of an old name starts with nothing.
CREATE TABLE cluster_leases (
    cluster uuid NOT NULL,
    holder text,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT cluster_leases_pkey PRIMARY KEY (cluster)
);

-- Reports are json, not jsonb: what controllers write may hold U+0000, which jsonb refuses.
CREATE TABLE cluster_reports (
    cluster uuid NOT NULL,
    report json NOT NULL,
    reported_at timestamptz NOT NULL,
    change bigint NOT NULL,
    CONSTRAINT cluster_reports_pkey PRIMARY KEY (cluster)
);

-- Numbers grow in commit order within a cluster, because writers hold the lease's row: readers ask for what is above the last one they saw.
-- A row without report says that the object was forgotten, until all readers have heard of it.
CREATE SEQUENCE cluster_object_change;
CREATE TABLE cluster_object_reports (
    cluster uuid NOT NULL,
    kind text NOT NULL,
    tenant text NOT NULL,
    name text NOT NULL,
    report json,
    change bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT cluster_object_reports_pkey PRIMARY KEY (cluster, kind, tenant, name)
);
CREATE INDEX cluster_object_reports_cluster_change_idx ON cluster_object_reports (cluster, change);

CREATE TABLE cluster_shards (
    cluster uuid NOT NULL,
    scope text NOT NULL,
    items jsonb NOT NULL,
    CONSTRAINT cluster_shards_pkey PRIMARY KEY (cluster, scope)
);

CREATE TABLE cluster_tasks (
    id uuid NOT NULL,
    cluster uuid NOT NULL,
    kind text NOT NULL,
    request text NOT NULL,
    answer text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT cluster_tasks_pkey PRIMARY KEY (id),
    CONSTRAINT cluster_tasks_kind CHECK (kind IN ('diff', 'manifests', 'survey', 'probe', 'prune'))
);
CREATE INDEX cluster_tasks_cluster_created_at_idx ON cluster_tasks (cluster, created_at) WHERE done_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON cluster_leases, cluster_reports, cluster_object_reports, cluster_shards TO gatehouse_compiler;
GRANT USAGE ON SEQUENCE cluster_object_change TO gatehouse_compiler;
GRANT SELECT, UPDATE, DELETE ON cluster_tasks TO gatehouse_compiler;
GRANT SELECT, INSERT ON cluster_tasks TO gatehouse_app;

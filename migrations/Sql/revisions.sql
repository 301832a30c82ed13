-- Revisions in commit order: the lock is taken by the last statement of a transaction and held until its commit, so whoever
-- gets the next number also commits next. Runs with the caller's rights: row-level security checks every row it inserts.
CREATE FUNCTION append_revision(committed_at timestamptz, request_id text, changes jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    present text := current_setting('app.tenant_id', true);
    assigned bigint;
    owner uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('gatehouse_revision'));
    UPDATE public.revision_head SET number = number + 1 RETURNING number INTO assigned;
    FOR owner IN SELECT DISTINCT (change ->> 'tenant')::uuid FROM jsonb_array_elements(changes) AS change LOOP
        PERFORM set_config('app.tenant_id', owner::text, true);
        INSERT INTO public.revisions (tenant_id, number, committed_at, request_id)
            VALUES (owner, assigned, append_revision.committed_at, append_revision.request_id);
        INSERT INTO public.revision_changes (tenant_id, revision, audit_event_id, kind, name, verb)
            SELECT owner, assigned, (change ->> 'audit')::uuid, change ->> 'kind', change ->> 'name', change ->> 'verb'
            FROM jsonb_array_elements(changes) AS change WHERE (change ->> 'tenant')::uuid = owner;
    END LOOP;
    PERFORM set_config('app.tenant_id', coalesce(present, ''), true);
    PERFORM pg_notify('gatehouse_revision', assigned::text);
    RETURN assigned;
END $$;
REVOKE ALL ON FUNCTION append_revision(timestamptz, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_revision(timestamptz, text, jsonb) TO gatehouse_app;

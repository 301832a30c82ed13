-- The hostname ledger (docs/decisions/0007). Only these functions see other tenants' claims; they belong to gatehouse_ledger, which
-- cannot log in and may touch these two tables and nothing else, and they answer with an outcome, never with a row.
CREATE TABLE hostname_quarantine (
    hostname text NOT NULL,
    tenant_id uuid NOT NULL,
    released_at timestamptz NOT NULL,
    CONSTRAINT hostname_quarantine_pkey PRIMARY KEY (hostname, tenant_id)
);
ALTER TABLE hostname_quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE hostname_quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger ON hostname_quarantine FOR ALL TO gatehouse_ledger USING (true) WITH CHECK (true);
CREATE POLICY ledger ON hostname_claims FOR ALL TO gatehouse_ledger USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON hostname_claims, hostname_quarantine TO gatehouse_ledger;
GRANT USAGE ON SCHEMA public TO gatehouse_ledger;

-- The names whose claims cover this one: itself, and the wildcards above it. A wildcard covers any number of labels, as listeners do.
CREATE FUNCTION covering_hostnames(hostname text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
    SELECT array_agg(covering) FROM (
        SELECT hostname AS covering
        UNION
        SELECT '*.' || array_to_string(labels[position:], '.')
        FROM string_to_array(hostname, '.') AS labels, generate_series(2, cardinality(labels)) AS position
    ) AS names
$$;

-- Gives a name to a tenant and tells the others that wait for it, or for names below it, that it is gone.
CREATE FUNCTION grant_hostname(winner uuid, name text, at_time timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE public.hostname_claims SET state = 'Verified', verified_at = at_time WHERE tenant_id = winner AND hostname = name;
    UPDATE public.hostname_claims SET state = 'Lost'
        WHERE tenant_id <> winner AND state = 'Pending'
          AND (hostname = name OR (name LIKE '*.%' AND right(hostname, length(name) - 1) = right(name, length(name) - 1)));
    DELETE FROM public.hostname_quarantine WHERE hostname = name;
$$;

CREATE FUNCTION claim_hostname(claim_id uuid, name text, verify boolean, own boolean, at_time timestamptz, quarantine interval) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    claimant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    present text;
    covering text[] := CASE WHEN own THEN ARRAY[name] ELSE public.covering_hostnames(name) END;
BEGIN
    IF claimant IS NULL THEN
        RAISE EXCEPTION 'no tenant is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One decision at a time, until commit: an exact name and a wildcard above it must not pass each other.
    PERFORM pg_advisory_xact_lock(hashtext('gatehouse_ledger'));
    SELECT state INTO present FROM public.hostname_claims WHERE tenant_id = claimant AND hostname = name;
    IF present = 'Verified' THEN
        RETURN 'Verified';
    END IF;
    IF EXISTS (SELECT FROM public.hostname_claims WHERE state = 'Verified' AND tenant_id <> claimant AND hostname = ANY (covering)) THEN
        RETURN 'Taken';
    END IF;
    INSERT INTO public.hostname_claims (tenant_id, id, hostname, state, created_at) VALUES (claimant, claim_id, name, 'Pending', at_time)
        ON CONFLICT (tenant_id, hostname) DO UPDATE SET state = 'Pending';
    DELETE FROM public.hostname_quarantine WHERE released_at <= at_time - quarantine;
    IF verify AND (own OR NOT EXISTS (
            SELECT FROM public.hostname_quarantine WHERE tenant_id <> claimant AND hostname = ANY (covering))) THEN
        PERFORM public.grant_hostname(claimant, name, at_time);
        RETURN 'Verified+';
    END IF;
    RETURN CASE WHEN present = 'Pending' THEN 'Pending' ELSE 'Pending+' END;
END $$;

CREATE FUNCTION approve_hostname(name text, at_time timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    claimant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    present text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('gatehouse_ledger'));
    SELECT state INTO present FROM public.hostname_claims WHERE tenant_id = claimant AND hostname = name;
    IF present IS NULL THEN
        RETURN 'Missing';
    END IF;
    IF present = 'Verified' THEN
        RETURN 'Verified';
    END IF;
    IF EXISTS (SELECT FROM public.hostname_claims
               WHERE state = 'Verified' AND tenant_id <> claimant AND hostname = ANY (public.covering_hostnames(name))) THEN
        RETURN 'Taken';
    END IF;
    PERFORM public.grant_hostname(claimant, name, at_time);
    RETURN 'Verified+';
END $$;

-- However a verified claim ends (released, or deleted with its tenant), its name is quarantined.
CREATE FUNCTION quarantine_hostname() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO public.hostname_quarantine (hostname, tenant_id, released_at) VALUES (OLD.hostname, OLD.tenant_id, now())
        ON CONFLICT (hostname, tenant_id) DO UPDATE SET released_at = EXCLUDED.released_at;
    RETURN NULL;
END $$;

-- Only a role that may create in the schema can be given a function; it keeps nothing of it.
GRANT CREATE ON SCHEMA public TO gatehouse_ledger;
ALTER FUNCTION grant_hostname(uuid, text, timestamptz) OWNER TO gatehouse_ledger;
ALTER FUNCTION claim_hostname(uuid, text, boolean, boolean, timestamptz, interval) OWNER TO gatehouse_ledger;
ALTER FUNCTION approve_hostname(text, timestamptz) OWNER TO gatehouse_ledger;
ALTER FUNCTION quarantine_hostname() OWNER TO gatehouse_ledger;
REVOKE CREATE ON SCHEMA public FROM gatehouse_ledger;

CREATE TRIGGER quarantine AFTER DELETE ON hostname_claims
    FOR EACH ROW WHEN (OLD.state = 'Verified') EXECUTE FUNCTION quarantine_hostname();

REVOKE ALL ON FUNCTION grant_hostname(uuid, text, timestamptz), quarantine_hostname(),
    claim_hostname(uuid, text, boolean, boolean, timestamptz, interval), approve_hostname(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_hostname(uuid, text, boolean, boolean, timestamptz, interval), approve_hostname(text, timestamptz) TO gatehouse_app;

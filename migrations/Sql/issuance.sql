-- Walls and grants as for all that tenants own (docs/decisions/0006). The API's login sets things in motion and shows how they stand; the
-- engine keeps its books with the compiler's login, for all tenants. Only that one reads pending private keys back.
DO $$
DECLARE
    tenant_table text;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY['hostname_checks', 'certificate_issuances', 'acme_challenges'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format($policy$
            CREATE POLICY tenant ON %I FOR ALL TO gatehouse_app
            USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
            WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)$policy$, tenant_table);
    END LOOP;
END $$;
CREATE POLICY compiler ON hostname_checks FOR ALL TO gatehouse_compiler USING (true) WITH CHECK (true);
CREATE POLICY compiler ON certificate_issuances FOR ALL TO gatehouse_compiler USING (true) WITH CHECK (true);
CREATE POLICY compiler ON acme_challenges FOR SELECT TO gatehouse_compiler USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON hostname_checks TO gatehouse_app;
GRANT SELECT (tenant_id, hostname_id, hostname, due_at, leased_until, epoch, state, step, issuer, order_url, key_version, kek_id, wrapped_key,
              failures, problems, generation, not_after, renew_at, renew_because), INSERT, UPDATE, DELETE ON certificate_issuances TO gatehouse_app;
GRANT SELECT, INSERT, DELETE ON acme_challenges TO gatehouse_app;
GRANT SELECT, UPDATE ON hostname_checks, certificate_issuances TO gatehouse_compiler;
GRANT SELECT ON acme_challenges TO gatehouse_compiler;

-- Accounts at certificate authorities, one for each directory; the account's key is encrypted like all private keys.
CREATE TABLE acme_accounts (
    directory text NOT NULL,
    version bigint NOT NULL,
    account_url text,
    kek_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    ciphertext bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT acme_accounts_pkey PRIMARY KEY (directory)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON acme_accounts TO gatehouse_compiler;

-- Hostnames that are there already are looked at like new ones.
CREATE POLICY migration ON resources FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY migration ON hostname_checks FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY migration ON certificate_issuances FOR INSERT TO CURRENT_USER WITH CHECK (true);
INSERT INTO hostname_checks (tenant_id, hostname_id, hostname, due_at, failures) SELECT tenant_id, id, name, now(), 0 FROM resources WHERE kind = 'Hostname';
INSERT INTO certificate_issuances (tenant_id, hostname_id, hostname, due_at, state, failures, generation)
    SELECT tenant_id, id, name, now(), 'Waiting', 0, 0 FROM resources WHERE kind = 'Hostname';
DROP POLICY migration ON resources;
DROP POLICY migration ON hostname_checks;
DROP POLICY migration ON certificate_issuances;

-- Names in quarantine are served to nobody, so the compiler must know them.
CREATE POLICY compiler ON hostname_quarantine FOR SELECT TO gatehouse_compiler USING (true);
GRANT SELECT ON hostname_quarantine TO gatehouse_compiler;

-- How claims were verified up to now is not known; what was verified so is not looked at again.
CREATE POLICY migration ON hostname_claims FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true);
UPDATE hostname_claims SET proof = 'Approval' WHERE state = 'Verified';
DROP POLICY migration ON hostname_claims;

-- The ledger, once more (docs/decisions/0017): proofs are told apart, and where names are proven a name below another tenant's wildcard
-- can be claimed and needs a proof of its own.
GRANT CREATE ON SCHEMA public TO gatehouse_ledger;
DROP FUNCTION claim_hostname(uuid, text, boolean, boolean, timestamptz, interval);
DROP FUNCTION approve_hostname(text, timestamptz);
DROP FUNCTION grant_hostname(uuid, text, timestamptz);

-- Gives a name to a tenant and tells the others that wait for it (and for names below it, if nobody may prove those) that it is gone.
CREATE FUNCTION grant_hostname(winner uuid, name text, how text, below boolean, at_time timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE public.hostname_claims SET state = 'Verified', verified_at = at_time, proof = how WHERE tenant_id = winner AND hostname = name;
    UPDATE public.hostname_claims SET state = 'Lost'
        WHERE tenant_id <> winner AND state = 'Pending'
          AND (hostname = name OR (below AND name LIKE '*.%' AND right(hostname, length(name) - 1) = right(name, length(name) - 1)));
    DELETE FROM public.hostname_quarantine WHERE hostname = name;
$$;

CREATE FUNCTION claim_hostname(claim_id uuid, name text, verify boolean, own boolean, at_time timestamptz, quarantine interval) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    claimant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    present text;
    -- Where a proof is asked for anyway, only the very name stands in the way: the proof of a narrower one decides.
    covering text[] := CASE WHEN own OR NOT verify THEN ARRAY[name] ELSE public.covering_hostnames(name) END;
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
    IF verify AND (own OR NOT EXISTS (
            SELECT FROM public.hostname_quarantine
            WHERE tenant_id <> claimant AND hostname = ANY (covering) AND released_at > at_time - quarantine)) THEN
        PERFORM public.grant_hostname(claimant, name, CASE WHEN own THEN 'BaseDomain' ELSE 'NotRequired' END, true, at_time);
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
        -- What a platform admin vouches for is not lost with a record any more.
        UPDATE public.hostname_claims SET proof = 'Approval' WHERE tenant_id = claimant AND hostname = name;
        RETURN 'Verified';
    END IF;
    IF EXISTS (SELECT FROM public.hostname_claims
               WHERE state = 'Verified' AND tenant_id <> claimant AND hostname = ANY (public.covering_hostnames(name))) THEN
        RETURN 'Taken';
    END IF;
    PERFORM public.grant_hostname(claimant, name, 'Approval', true, at_time);
    RETURN 'Verified+';
END $$;

-- A proof was seen in DNS. What was released by another tenant needs the record that belongs to this claim alone.
CREATE FUNCTION prove_hostname(name text, how text, at_time timestamptz, quarantine interval) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    claimant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    present text;
BEGIN
    IF how NOT IN ('Txt', 'Cname', 'Domain') THEN
        RAISE EXCEPTION 'not a proof' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('gatehouse_ledger'));
    SELECT state INTO present FROM public.hostname_claims WHERE tenant_id = claimant AND hostname = name;
    IF present IS NULL THEN
        RETURN 'Missing';
    END IF;
    IF present = 'Verified' THEN
        UPDATE public.hostname_claims SET proof = how
            WHERE tenant_id = claimant AND hostname = name AND proof IN ('Txt', 'Cname', 'Domain') AND proof <> how;
        RETURN 'Verified';
    END IF;
    IF EXISTS (SELECT FROM public.hostname_claims WHERE state = 'Verified' AND tenant_id <> claimant AND hostname = name) THEN
        RETURN 'Taken';
    END IF;
    IF how <> 'Txt' AND EXISTS (
            SELECT FROM public.hostname_quarantine WHERE tenant_id <> claimant AND hostname = name AND released_at > at_time - quarantine) THEN
        RETURN 'Quarantined';
    END IF;
    PERFORM public.grant_hostname(claimant, name, how, false, at_time);
    RETURN 'Verified+';
END $$;

-- A proof that once stood is gone for good: the name waits for a new one, and is anybody's who proves it.
CREATE FUNCTION suspend_hostname(name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    claimant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('gatehouse_ledger'));
    UPDATE public.hostname_claims SET state = 'Pending', proof = NULL
        WHERE tenant_id = claimant AND hostname = name AND state = 'Verified' AND proof IN ('Txt', 'Cname', 'Domain');
    RETURN CASE WHEN FOUND THEN 'Pending+' ELSE 'Missing' END;
END $$;

-- Ends quarantines whose time is over, and says which names they were.
CREATE FUNCTION end_quarantines(at_time timestamptz, quarantine interval) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DELETE FROM public.hostname_quarantine WHERE released_at <= at_time - quarantine RETURNING hostname;
$$;

ALTER FUNCTION grant_hostname(uuid, text, text, boolean, timestamptz) OWNER TO gatehouse_ledger;
ALTER FUNCTION claim_hostname(uuid, text, boolean, boolean, timestamptz, interval) OWNER TO gatehouse_ledger;
ALTER FUNCTION approve_hostname(text, timestamptz) OWNER TO gatehouse_ledger;
ALTER FUNCTION prove_hostname(text, text, timestamptz, interval) OWNER TO gatehouse_ledger;
ALTER FUNCTION suspend_hostname(text) OWNER TO gatehouse_ledger;
ALTER FUNCTION end_quarantines(timestamptz, interval) OWNER TO gatehouse_ledger;
REVOKE CREATE ON SCHEMA public FROM gatehouse_ledger;
REVOKE ALL ON FUNCTION grant_hostname(uuid, text, text, boolean, timestamptz), claim_hostname(uuid, text, boolean, boolean, timestamptz, interval),
    approve_hostname(text, timestamptz), prove_hostname(text, text, timestamptz, interval), suspend_hostname(text),
    end_quarantines(timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_hostname(uuid, text, boolean, boolean, timestamptz, interval), approve_hostname(text, timestamptz),
    prove_hostname(text, text, timestamptz, interval), suspend_hostname(text), end_quarantines(timestamptz, interval) TO gatehouse_app;

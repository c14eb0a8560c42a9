-- Months of the tables that are cut by time, and dropping one. For the dispatcher, with the rights
-- of the owner; so a worker that was taken over may call them too, and they keep the last whole
-- month and this one from everybody.

-- Where a partition ends, by its bound in the catalogue; NULL when it is no month of `parent`.
CREATE FUNCTION app.month_ends(parent text, month text) RETURNS timestamptz
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
  SELECT substring(pg_get_expr(c.relpartbound, c.oid) FROM $re$ TO \('([^']+)'\)$re$)::timestamptz
  FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
  WHERE c.relname = month AND p.relname = parent
    AND c.relnamespace = 'app'::regnamespace AND p.relnamespace = 'app'::regnamespace
$$;

-- Months that end `days` ago or earlier, oldest first, with what they hold. A partition has no row
-- security of its own, so its owner can count it.
CREATE FUNCTION app.months_before(parent text, days int)
  RETURNS TABLE (month text, ends timestamptz, held bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF parent NOT IN ('messages', 'mood_entries', 'audit_logs') THEN
    RAISE EXCEPTION '% is not cut by month', parent USING ERRCODE = '22023';
  END IF;
  FOR month, ends IN
    SELECT c.relname, app.month_ends(parent, c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass('app.' || parent) ORDER BY 2
  LOOP
    CONTINUE WHEN ends IS NULL OR ends > now() - make_interval(days => days)
      OR ends > date_trunc('month', now(), 'UTC') - interval '1 month';
    BEGIN
      EXECUTE format('SELECT count(*) FROM app.%I', month) INTO held;
    EXCEPTION WHEN undefined_table THEN
      CONTINUE;  -- another worker was faster
    END;
    RETURN NEXT;
  END LOOP;
END $$;

-- Drops a month; false when it is gone already.
--
-- Locks are taken in the order in which turns take them, and given up before anybody looks for a
-- deadlock. Nothing hangs on the messages of the month: DETACH looks for that as the owner, who
-- sees no row while row security is forced, and would find none. So we look, with the force off
-- and every writer locked out until we are done.
CREATE FUNCTION app.drop_month(parent text, month text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
DECLARE
  ends timestamptz;
  child text;
  hanging boolean;
BEGIN
  IF parent NOT IN ('messages', 'mood_entries', 'audit_logs') THEN
    RAISE EXCEPTION '% is not cut by month', parent USING ERRCODE = '22023';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    -- what was committed while we waited for the locks would not be seen
    RAISE EXCEPTION 'months are dropped in read committed transactions' USING ERRCODE = '25001';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('app.drop_month'));
  ends := app.month_ends(parent, month);
  IF ends IS NULL THEN
    RETURN false;
  END IF;
  IF ends > date_trunc('month', now(), 'UTC') - interval '1 month' THEN
    RAISE EXCEPTION '% is too young to be dropped', month USING ERRCODE = '22023';
  END IF;
  IF parent = 'messages' THEN
    LOCK TABLE app.conversations IN ACCESS EXCLUSIVE MODE;
    LOCK TABLE app.messages, app.safety_events, app.ai_runs IN ACCESS EXCLUSIVE MODE;
    FOREACH child IN ARRAY ARRAY['safety_events', 'ai_runs'] LOOP
      EXECUTE format('ALTER TABLE app.%I NO FORCE ROW LEVEL SECURITY', child);
      EXECUTE format('SELECT EXISTS (SELECT FROM app.%I WHERE message_created_at < $1)', child) USING ends INTO hanging;
      EXECUTE format('ALTER TABLE app.%I FORCE ROW LEVEL SECURITY', child);
      IF hanging THEN
        RAISE EXCEPTION '% still hangs on %', child, month USING ERRCODE = '23503';
      END IF;
    END LOOP;
  ELSE
    EXECUTE format('LOCK TABLE app.%I, app.users IN ACCESS EXCLUSIVE MODE', parent);
  END IF;
  EXECUTE format('ALTER TABLE app.%I DETACH PARTITION app.%I', parent, month);
  EXECUTE format('DROP TABLE app.%I', month);
  RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION app.month_ends(text, text), app.months_before(text, int), app.drop_month(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.months_before(text, int), app.drop_month(text, text) TO evenkeel_dispatcher;

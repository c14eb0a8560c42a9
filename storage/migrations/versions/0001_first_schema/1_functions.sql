-- Who is acting: a transaction-local setting. NULLIF because a setting that was local once reads
-- '' afterwards. No sub-select (Citus refuses those in policies).
CREATE FUNCTION app.current_user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

-- The milliseconds inside a uuid7 as a time.
CREATE FUNCTION app.uuid7_ts(u uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT to_timestamp(('x0000' || substr(u::text, 1, 8) || substr(u::text, 10, 4))::bit(64)::bigint / 1000.0) $$;

-- For `coalesce((SELECT seq0 FROM fence), app.raise_fenced())`: a statement whose fence found no
-- row fails as a whole, so that none of it is kept.
CREATE FUNCTION app.raise_fenced() RETURNS bigint LANGUAGE plpgsql
  AS $$ BEGIN
    RAISE EXCEPTION 'another worker holds this conversation' USING ERRCODE = 'EK001';
  END $$;

-- Creates the missing partitions of `months` months from the month of `from_month`; says how many.
-- Made apart and then attached, which does not lock readers and writers of the parent out, and
-- gives way before anybody looks for a deadlock.
CREATE FUNCTION app.ensure_month_partitions(parent regclass, from_month date, months int)
  RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
DECLARE
  parent_name text := (SELECT relname FROM pg_class WHERE oid = parent);
  first_day date;
  partition_name text;
  made int := 0;
BEGIN
  FOR i IN 0 .. months - 1 LOOP
    first_day := (date_trunc('month', from_month::timestamp) + make_interval(months => i))::date;
    partition_name := parent_name || '_p' || to_char(first_day, 'YYYYMM');
    CONTINUE WHEN to_regclass(format('app.%I', partition_name)) IS NOT NULL;
    EXECUTE format('CREATE TABLE app.%I (LIKE app.%I INCLUDING ALL)', partition_name, parent_name);
    EXECUTE format('ALTER TABLE app.%I ATTACH PARTITION app.%I FOR VALUES FROM (%L) TO (%L)',
                   parent_name, partition_name, first_day || ' 00:00+00',
                   (first_day + interval '1 month')::date || ' 00:00+00');
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- The clock of any worker may ask for this through the dispatcher's role: last month, this month
-- and `months` more of every table that is cut by time.
CREATE FUNCTION app.make_partitions_ahead(months int) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  last_month date := (now() AT TIME ZONE 'UTC' - interval '1 month')::date;
BEGIN
  IF months NOT BETWEEN 1 AND 24 THEN
    RAISE EXCEPTION 'partitions are made 1 to 24 months ahead' USING ERRCODE = '22023';
  END IF;
  -- two workers' clocks may tick at once
  PERFORM pg_advisory_xact_lock(hashtext('app.make_partitions_ahead'));
  RETURN app.ensure_month_partitions('app.messages', last_month, months + 2)
       + app.ensure_month_partitions('app.mood_entries', last_month, months + 2)
       + app.ensure_month_partitions('app.audit_logs', last_month, months + 2);
END $$;

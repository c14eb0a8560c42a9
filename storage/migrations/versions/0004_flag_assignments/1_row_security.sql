-- A switch set for one person is that person's; what is set for groups and for everybody is
-- everybody's to read.
ALTER TABLE app.flag_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.flag_assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY own_and_shared ON app.flag_assignments FOR SELECT TO evenkeel_worker
  USING (target_type <> 'user' OR target_id = app.current_user_id());
CREATE POLICY own_erased ON app.flag_assignments FOR DELETE TO evenkeel_worker
  USING (target_type = 'user' AND target_id = app.current_user_id());
GRANT DELETE ON app.flag_assignments TO evenkeel_worker;

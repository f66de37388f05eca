-- Desks and stuck lists of a city with 300,000 open cases. Indexes and settings of the store's own cleaning: nothing changes for a program that runs.

-- The stuck list and its counts, of a township, a county or the city, from the index alone.
CREATE INDEX "case_file_stuck_list_idx" ON "case_file"("stuck_from", "case_id")
  INCLUDE ("city_id", "county_id", "township_id", "agency_id", "handling_office_id", "process_type", "current_stage", "clock_ahead_ms")
  WHERE "ended_at" IS NULL AND "stuck_from" IS NOT NULL;
DROP INDEX "case_file_stuck_idx";
DROP INDEX "case_file_stuck_county_idx";

-- An index answers alone only where the table has been cleaned since. By default that waits for a fifth of all rows to change: with ten million
-- cases, for years. What is open changes every day.
ALTER TABLE "case_file" SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01);
ALTER TABLE "stage" SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01);

-- What a store of ten million cases is asked and could only answer by reading all of them. Adding indexes changes nothing for a program that runs.

-- The case page: which cases this one has opened. Few have been opened by another, so few are in it.
CREATE INDEX "case_file_parent_idx" ON "case_file"("parent_case_id") WHERE "parent_case_id" IS NOT NULL;
-- A township's list, and a hospital's: newest first.
CREATE INDEX "case_file_agency_idx" ON "case_file"("agency_id", "case_id");
CREATE INDEX "case_file_provider_case_idx" ON "case_file"("provider_id", "case_id");
DROP INDEX "case_file_provider_idx";
-- Whose days were used: what was left in a month.
CREATE INDEX "stage_closed_idx" ON "stage"("closed_at", "case_id") WHERE "closed_at" IS NOT NULL;
-- How many go on, by process and stage: counted from the index alone, for a county or the whole city.
CREATE INDEX "case_file_open_stage_idx" ON "case_file"("county_id", "process_type", "current_stage") INCLUDE ("city_id") WHERE "ended_at" IS NULL;

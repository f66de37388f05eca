-- Stopping the clock for more than one reason at a time, and lengthening a limit.

-- Several reasons may hold at once: a service window closes while a correction is awaited. The clock runs again when
-- the last of them has ended; how much of each limit was left when it stopped is kept with the suspension.
DROP INDEX "suspension_open_key";
CREATE UNIQUE INDEX "suspension_open_key" ON "suspension"("case_id", "kind") WHERE "resumed_on" IS NULL;
ALTER TABLE "suspension" DROP CONSTRAINT "suspension_kind_check";
ALTER TABLE "suspension" ADD CONSTRAINT "suspension_kind_check"
  CHECK ("kind" IN ('CORRECTION', 'VERIFICATION', 'SERVICE_CLOSED', 'SYSTEM_SWITCHOVER', 'FORCE_MAJEURE'));
ALTER TABLE "suspension" ADD COLUMN "stage_days_left" INTEGER, ADD COLUMN "total_days_left" INTEGER;

-- Work may go on while the agency has stopped the clock: only the two waiting statuses need a suspension, not the other way round.
ALTER TABLE "case_file" DROP CONSTRAINT "case_file_suspended_check";
ALTER TABLE "case_file" ADD CONSTRAINT "case_file_suspended_check"
  CHECK ("status" NOT IN ('AWAITING_CORRECTION', 'AWAITING_VERIFICATION') OR "suspended_on" IS NOT NULL);
-- Where the repair window counts from, so that it can be counted again when the calendar changes.
ALTER TABLE "case_file" ADD COLUMN "repair_from" DATE;

CREATE TABLE "extension" (
  "case_id" BIGINT NOT NULL,
  "seq" INTEGER NOT NULL,
  "clock" TEXT NOT NULL,
  "stage_seq" INTEGER NOT NULL,
  "limit_id" TEXT NOT NULL,
  "working_days" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "basis" TEXT NOT NULL,
  "granted_by" TEXT NOT NULL,
  "granted_on" DATE NOT NULL,
  "turn" INTEGER NOT NULL,
  -- Null while the clock stands: there is no due day then.
  "due_before" DATE,
  "due_after" DATE,
  CONSTRAINT "extension_pkey" PRIMARY KEY ("case_id", "seq"),
  CONSTRAINT "extension_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "extension_clock_check" CHECK ("clock" IN ('STAGE', 'TOTAL')),
  CONSTRAINT "extension_days_check" CHECK ("working_days" > 0)
);
-- What was granted is never changed afterwards.
CREATE TRIGGER "extension_append_only" BEFORE UPDATE OR DELETE ON "extension" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "extension_no_truncate" BEFORE TRUNCATE ON "extension" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

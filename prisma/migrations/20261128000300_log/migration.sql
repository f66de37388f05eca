-- A log that proves itself: numbers over all of it, a chain for duties and accesses, too, and heads that seal what was written.

-- One number for every row of the log, whatever its table; what is there already gets numbers in the order in which it lies.
CREATE SEQUENCE "log_number" AS BIGINT;
ALTER TABLE "case_event" ADD COLUMN "log_no" BIGINT NOT NULL DEFAULT nextval('log_number');
ALTER TABLE "duty_event" ADD COLUMN "log_no" BIGINT NOT NULL DEFAULT nextval('log_number');
ALTER TABLE "access_log" ADD COLUMN "log_no" BIGINT NOT NULL DEFAULT nextval('log_number');
ALTER TABLE "calendar_edition" ADD COLUMN "log_no" BIGINT NOT NULL DEFAULT nextval('log_number');
CREATE UNIQUE INDEX "case_event_log_no_key" ON "case_event"("log_no");
CREATE UNIQUE INDEX "duty_event_log_no_key" ON "duty_event"("log_no");
CREATE UNIQUE INDEX "access_log_log_no_key" ON "access_log"("log_no");
CREATE UNIQUE INDEX "calendar_edition_log_no_key" ON "calendar_edition"("log_no");

-- The last event of a turn holds the hash of everything else the turn wrote: its row, papers, notices, amounts.
ALTER TABLE "case_event" ADD COLUMN "turn_hash" TEXT;

-- Null in what was written before: the heads hold its content.
ALTER TABLE "duty_event" ADD COLUMN "prev_hash" TEXT, ADD COLUMN "hash" TEXT;

-- Accesses are one chain, without gaps, and within it one for each case.
ALTER TABLE "access_log" ADD COLUMN "seq" BIGINT, ADD COLUMN "case_prev_hash" TEXT, ADD COLUMN "prev_hash" TEXT, ADD COLUMN "hash" TEXT;
CREATE UNIQUE INDEX "access_log_seq_key" ON "access_log"("seq");
CREATE INDEX "access_log_case_idx" ON "access_log"("acceptance_no", "seq");

-- Heads. `holes` are the numbers up to `to_no` that had not been written yet, `late` those of earlier holes that have been since.
CREATE TABLE "log_head" (
  "number" BIGINT NOT NULL,
  "from_no" BIGINT NOT NULL,
  "to_no" BIGINT NOT NULL,
  "count" INTEGER NOT NULL,
  "root" TEXT NOT NULL,
  "holes" BIGINT[] NOT NULL,
  "late" BIGINT[] NOT NULL,
  "horizon" BIGINT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "prev_hash" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "key_id" TEXT NOT NULL,
  "signature" TEXT NOT NULL,
  CONSTRAINT "log_head_pkey" PRIMARY KEY ("number"),
  CONSTRAINT "log_head_order_check" CHECK ("number" > 0 AND "from_no" > 0 AND "to_no" >= "from_no" - 1 AND "count" > 0)
);
CREATE TRIGGER "log_head_append_only" BEFORE UPDATE OR DELETE ON "log_head" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "log_head_no_truncate" BEFORE TRUNCATE ON "log_head" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

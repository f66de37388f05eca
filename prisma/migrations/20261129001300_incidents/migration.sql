-- Whatever keeps a case, or the work of the system, from going on although nobody has to decide anything. One row from the first
-- failure until it is over; a row that is over stays. It holds no message of a program: the kind of error is one of a closed list.
CREATE TABLE "incident" (
  "incident_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "kind" TEXT NOT NULL,
  -- acceptance number, workflow id, task queue or channel: never anything about a person
  "subject" TEXT NOT NULL,
  "case_id" BIGINT,
  -- version of the case at the last failure: once it is higher, the case has gone on
  "case_version" INTEGER,
  -- the activity that fails
  "activity" TEXT,
  "error" TEXT NOT NULL,
  -- SQL state, constraint or cause as the engine names it
  "error_detail" TEXT,
  "attempts" INTEGER NOT NULL DEFAULT 1,
  "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "resolved_at" TIMESTAMPTZ(3),
  CONSTRAINT "incident_pkey" PRIMARY KEY ("incident_id"),
  CONSTRAINT "incident_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "incident_open_key" ON "incident"("kind", "subject") WHERE "resolved_at" IS NULL;
CREATE INDEX "incident_case_idx" ON "incident"("case_id") WHERE "resolved_at" IS NULL AND "case_id" IS NOT NULL;

-- What somebody did about it, or wanted to do and was refused.
CREATE TABLE "incident_act" (
  "act_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "incident_id" BIGINT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "act" TEXT NOT NULL,
  "by_id" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  "request_id" TEXT NOT NULL,
  CONSTRAINT "incident_act_pkey" PRIMARY KEY ("act_id"),
  CONSTRAINT "incident_act_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("incident_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "incident_act_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "incident_act_act_check" CHECK ("act" IN ('RETRY', 'SKIP'))
);
CREATE INDEX "incident_act_incident_idx" ON "incident_act"("incident_id", "act_id");
CREATE TRIGGER "incident_act_append_only" BEFORE UPDATE OR DELETE ON "incident_act" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "incident_act_no_truncate" BEFORE TRUNCATE ON "incident_act" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- What the clock of a case should have done by now and has not: found without looking through the open cases.
CREATE INDEX "case_file_effect_idx" ON "case_file"("next_effect_at") WHERE "ended_at" IS NULL AND "next_effect_at" IS NOT NULL;
-- Rehearsed cases live on days of their own and are looked at one by one; where nothing is rehearsed this index is empty.
CREATE INDEX "case_file_rehearsed_idx" ON "case_file"("case_id") WHERE "ended_at" IS NULL AND "clock_ahead_ms" <> 0;
CREATE INDEX "outbox_given_up_idx" ON "outbox"("created_at") WHERE "state" IN ('FAILED', 'UNCERTAIN');

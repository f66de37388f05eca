-- Duties that come back every month or year: one row per limit, holder and period, and an append-only log of each.

CREATE TABLE "duty" (
  "duty_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "limit_id" TEXT NOT NULL,
  "holder_kind" TEXT NOT NULL,
  -- The provider of a hospital's duty, else the office.
  "holder_id" TEXT NOT NULL,
  "office_id" TEXT,
  "provider_id" TEXT,
  -- Who stands above, as it was when the duty was opened; none above a city office.
  "county_id" TEXT,
  "city_id" TEXT NOT NULL,
  "period" TEXT NOT NULL,
  "opens_on" DATE NOT NULL,
  "start_on" DATE NOT NULL,
  "due_on" DATE NOT NULL,
  "reminder_on" DATE NOT NULL,
  "target_on" DATE NOT NULL,
  "provisional" BOOLEAN NOT NULL,
  "calendar_edition" TEXT NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "clock_ahead_ms" BIGINT NOT NULL DEFAULT 0,
  "started_at" TIMESTAMPTZ(3),
  "version" INTEGER NOT NULL DEFAULT 0,
  "done_on" DATE,
  "done_by" TEXT,
  "done_at" TIMESTAMPTZ(3),
  "days_late" INTEGER,
  "note" TEXT,
  CONSTRAINT "duty_pkey" PRIMARY KEY ("duty_id"),
  CONSTRAINT "duty_office_id_fkey" FOREIGN KEY ("office_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "duty_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("provider_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "duty_county_id_fkey" FOREIGN KEY ("county_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "duty_city_id_fkey" FOREIGN KEY ("city_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "duty_holder_check" CHECK (
    CASE "holder_kind" WHEN 'HOSPITAL' THEN "office_id" IS NULL AND "provider_id" = "holder_id"
                       WHEN 'COUNTY' THEN "provider_id" IS NULL AND "office_id" = "holder_id" AND "county_id" = "holder_id"
                       WHEN 'CITY' THEN "provider_id" IS NULL AND "office_id" = "holder_id" AND "city_id" = "holder_id"
                       ELSE false END IS TRUE),
  CONSTRAINT "duty_period_check" CHECK ("period" ~ '^\d{4}(-\d{2})?$'),
  CONSTRAINT "duty_order_check" CHECK ("opens_on" <= "due_on" AND "target_on" <= "due_on" AND "reminder_on" <= "due_on"),
  CONSTRAINT "duty_done_check" CHECK (num_nonnulls("done_on", "done_by", "done_at", "days_late") IN (0, 4)),
  CONSTRAINT "duty_days_late_check" CHECK ("days_late" >= 0)
);
-- What makes opening the same period twice harmless.
CREATE UNIQUE INDEX "duty_key" ON "duty"("limit_id", "holder_id", "period");
CREATE INDEX "duty_due_idx" ON "duty"("due_on", "duty_id");
CREATE INDEX "duty_office_idx" ON "duty"("office_id");
CREATE INDEX "duty_provider_idx" ON "duty"("provider_id");
CREATE INDEX "duty_not_started_idx" ON "duty"("duty_id") WHERE "started_at" IS NULL;

CREATE TABLE "duty_event" (
  "duty_id" BIGINT NOT NULL,
  "seq" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  -- Unique within the duty: opening, each rung and its being done happen once.
  "effect_key" TEXT NOT NULL,
  -- The instant a rung was due, beside the one at which it was recorded.
  "due_at" TIMESTAMPTZ(3),
  "at" TIMESTAMPTZ(3) NOT NULL,
  "due_on" DATE NOT NULL,
  "days_late" INTEGER,
  -- Who is to be told; of an office or a hospital only the holders of the role, if one is named.
  "to_office_id" TEXT,
  "to_provider_id" TEXT,
  "to_role" TEXT,
  "actor_id" TEXT,
  "actor_name" TEXT,
  "request_key" TEXT,
  "request_hash" TEXT,
  "data" JSONB NOT NULL,
  CONSTRAINT "duty_event_pkey" PRIMARY KEY ("duty_id", "seq"),
  CONSTRAINT "duty_event_duty_id_fkey" FOREIGN KEY ("duty_id") REFERENCES "duty"("duty_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "duty_event_kind_check" CHECK ("kind" IN ('OPENED', 'REMINDER', 'DUE', 'LIMIT_PASSED', 'ESCALATION', 'RECOUNTED', 'DONE')),
  -- Never early (I5).
  CONSTRAINT "duty_event_early_check" CHECK ("at" >= "due_at")
);
CREATE UNIQUE INDEX "duty_event_effect_key" ON "duty_event"("duty_id", "effect_key");
CREATE UNIQUE INDEX "duty_event_request_key" ON "duty_event"("actor_id", "request_key") WHERE "request_key" IS NOT NULL;
CREATE INDEX "duty_event_office_idx" ON "duty_event"("to_office_id", "at");
CREATE INDEX "duty_event_provider_idx" ON "duty_event"("to_provider_id", "at");
CREATE TRIGGER "duty_event_append_only" BEFORE UPDATE OR DELETE ON "duty_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "duty_event_no_truncate" BEFORE TRUNCATE ON "duty_event" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

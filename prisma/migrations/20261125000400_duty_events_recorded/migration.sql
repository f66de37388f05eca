-- As of a notice: `at` is the clock of the duty, which a rehearsal moves; what came since somebody's last digest is asked of
-- this one. What is there already counts as recorded when it happened, so that no digest tells it as new.
ALTER TABLE "duty_event" ADD COLUMN "recorded_at" TIMESTAMPTZ(3);
ALTER TABLE "duty_event" ALTER COLUMN "recorded_at" TYPE TIMESTAMPTZ(3) USING "at";
ALTER TABLE "duty_event" ALTER COLUMN "recorded_at" SET NOT NULL, ALTER COLUMN "recorded_at" SET DEFAULT clock_timestamp();

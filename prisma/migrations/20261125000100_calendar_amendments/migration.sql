-- Editions that amend others in the middle of a year, and the runs that count open cases again when one is loaded.

ALTER TABLE "calendar_edition" ADD COLUMN "horizon_on" DATE, ADD COLUMN "amends" TEXT;
-- Until now the edition of a year that was published last was in force: what was loaded so is a chain of amendments.
UPDATE "calendar_edition" e SET "horizon_on" = make_date(e."year", 12, 31), "amends" = p."before"
FROM (SELECT "edition_id", lag("edition_id") OVER (PARTITION BY "year" ORDER BY "published_on", "edition_id") AS "before" FROM "calendar_edition") p
WHERE p."edition_id" = e."edition_id";
ALTER TABLE "calendar_edition" ALTER COLUMN "horizon_on" SET NOT NULL;
ALTER TABLE "calendar_edition" ADD CONSTRAINT "calendar_edition_amends_fkey"
  FOREIGN KEY ("amends") REFERENCES "calendar_edition"("edition_id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "calendar_edition" ADD CONSTRAINT "calendar_edition_horizon_check" CHECK (EXTRACT(YEAR FROM "horizon_on") = "year");
-- One yearly notice for a year, and one amendment for what it amends: exactly one edition of a year is in force.
CREATE UNIQUE INDEX "calendar_edition_year_key" ON "calendar_edition"("year") WHERE "amends" IS NULL;
CREATE UNIQUE INDEX "calendar_edition_amends_key" ON "calendar_edition"("amends") WHERE "amends" IS NOT NULL;

-- How far the open cases have been counted again. The run keeps its place here, so that it goes on after any interruption.
CREATE TABLE "calendar_run" (
  "edition_id" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "started_by" TEXT NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "pass" INTEGER NOT NULL DEFAULT 1,
  "cursor" BIGINT NOT NULL DEFAULT 0,
  -- Open cases when the run began, and how many of them this pass has looked at.
  "total" INTEGER NOT NULL,
  "done" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "calendar_run_pkey" PRIMARY KEY ("edition_id"),
  CONSTRAINT "calendar_run_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "calendar_edition"("edition_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "calendar_run_done_check" CHECK ("pass" > 0 AND "done" >= 0 AND "total" >= 0)
);
-- One run at a time: a second one would count the same cases by another calendar.
CREATE UNIQUE INDEX "calendar_run_active_key" ON "calendar_run"(("finished_at" IS NULL)) WHERE "finished_at" IS NULL;

-- Which cases were asked to count again, at which version: nobody is asked twice, and the numbers of a run are exact.
CREATE TABLE "calendar_run_case" (
  "edition_id" TEXT NOT NULL,
  "case_id" BIGINT NOT NULL,
  "version" INTEGER NOT NULL,
  "pass" INTEGER NOT NULL,
  -- A day moves or becomes certain; otherwise only the proof of the count is renewed.
  "moves" BOOLEAN NOT NULL,
  -- The engine knows no procedure of the case.
  "gone" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "calendar_run_case_pkey" PRIMARY KEY ("edition_id", "case_id", "version"),
  CONSTRAINT "calendar_run_case_run_fkey" FOREIGN KEY ("edition_id") REFERENCES "calendar_run"("edition_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "calendar_run_case_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- Open cases in the order in which a run walks through them, however many have ended.
CREATE INDEX "case_file_open_idx" ON "case_file"("case_id") WHERE "ended_at" IS NULL;

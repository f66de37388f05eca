-- Keys that data are sealed with, wrapped by a key the agency holds outside (setting FIELD_KEYS). Only wrapping them anew changes a row.
CREATE TABLE "data_key" (
  "key_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "purpose" TEXT NOT NULL,
  "suite" TEXT NOT NULL,
  "master_version" INTEGER NOT NULL,
  "wrapped" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "data_key_pkey" PRIMARY KEY ("key_id"),
  CONSTRAINT "data_key_purpose_check" CHECK ("purpose" IN ('SEAL', 'INDEX')),
  CONSTRAINT "data_key_suite_check" CHECK ("suite" IN ('intl', 'gm'))
);
-- The index would no longer find what was filed under another key.
CREATE UNIQUE INDEX "data_key_one_index" ON "data_key"("purpose") WHERE "purpose" = 'INDEX';

-- Why somebody was shown what lists hide, and whose desk they held.
ALTER TABLE "access_log" ADD COLUMN "reason" TEXT, ADD COLUMN "acting_for" TEXT;

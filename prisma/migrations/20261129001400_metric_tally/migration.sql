-- What monitoring counts in the store. One row: the figures as they were counted last, for all workers together, and the head of the
-- log up to which events have been added to the totals.
CREATE TABLE "metric_count" (
  "one" BOOLEAN NOT NULL DEFAULT true,
  "counted_at" TIMESTAMPTZ(3) NOT NULL,
  "seconds" DOUBLE PRECISION NOT NULL,
  "gauges" JSONB NOT NULL,
  "head" BIGINT NOT NULL,
  CONSTRAINT "metric_count_pkey" PRIMARY KEY ("one"),
  CONSTRAINT "metric_count_one_check" CHECK ("one")
);

-- Totals that only grow. Every event of the log is added once, in the transaction that moves the head above.
CREATE TABLE "metric_total" (
  "name" TEXT NOT NULL,
  "labels" JSONB NOT NULL,
  "total" BIGINT NOT NULL,
  CONSTRAINT "metric_total_pkey" PRIMARY KEY ("name", "labels")
);

-- Totals begin with what is sealed from now on: the years before are not read again.
INSERT INTO "metric_count" ("counted_at", "seconds", "gauges", "head")
SELECT '2000-01-01', 0, '[]', coalesce(max("number"), 0) FROM "log_head";

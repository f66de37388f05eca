-- How often an account has filed, searched or had something revealed lately, counted over all API processes. Unlogged: after a crash
-- everybody may begin anew, and no act waits for the disk.
CREATE UNLOGGED TABLE "act_count" (
    "staff_id" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "taken" BOOLEAN NOT NULL DEFAULT true,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "act_count_pkey" PRIMARY KEY ("staff_id", "act")
);

-- Where the daily digest of a person goes; without an address it is only kept.
ALTER TABLE "staff" ADD COLUMN "email" TEXT;

-- `at` is the clock of the case, which a rehearsal moves; what came since somebody's last digest is asked of this one.
ALTER TABLE "notice" ADD COLUMN "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp();

-- Messages that leave the system. The row is committed before anything is sent, and says afterwards what is known of it:
--   PENDING    to be sent at `next_attempt_at`
--   SENDING    claimed; whoever claimed it is sending it now, or died doing so
--   SENT       the other side has taken it
--   FAILED     the other side refuses it, or the message has grown old; `last_error` says why
--   UNCERTAIN  it may have been sent: never repeated by the system itself
--   KEPT       sent nowhere, to be read here
CREATE TABLE "outbox" (
  "message_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "dedup_key" TEXT NOT NULL,
  "staff_id" TEXT NOT NULL,
  "channel" TEXT NOT NULL CHECK ("channel" IN ('NONE', 'SMTP', 'WEBHOOK')),
  "recipient" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "state" TEXT NOT NULL CHECK ("state" IN ('PENDING', 'SENDING', 'SENT', 'FAILED', 'UNCERTAIN', 'KEPT')),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
  "claimed_at" TIMESTAMPTZ(3),
  "last_error" TEXT,
  "notices_until" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "sent_at" TIMESTAMPTZ(3),
  CONSTRAINT "outbox_pkey" PRIMARY KEY ("message_id"),
  CONSTRAINT "outbox_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "outbox_kept_check" CHECK (("channel" = 'NONE') = ("state" = 'KEPT')),
  CONSTRAINT "outbox_sent_check" CHECK (("sent_at" IS NOT NULL) = ("state" = 'SENT')),
  CONSTRAINT "outbox_sending_check" CHECK ("state" <> 'SENDING' OR "claimed_at" IS NOT NULL)
);
-- What makes one digest a day of it: the second one of the same day is not written.
CREATE UNIQUE INDEX "outbox_dedup_key" ON "outbox"("dedup_key");
CREATE INDEX "outbox_staff_idx" ON "outbox"("staff_id", "created_at" DESC);
CREATE INDEX "outbox_open_idx" ON "outbox"("next_attempt_at") WHERE "state" IN ('PENDING', 'SENDING');

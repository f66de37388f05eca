-- An account is a person's or a program's. Programs hold roles of their own, never decide and never sit at a console.
ALTER TABLE "staff" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'PERSON', ADD COLUMN "intake_processes" TEXT[] NOT NULL DEFAULT '{}';
ALTER TABLE "staff"
  ADD CONSTRAINT "staff_kind_check" CHECK ("kind" IN ('PERSON', 'SERVICE')),
  ADD CONSTRAINT "staff_service_roles_check" CHECK (
    CASE "kind" WHEN 'SERVICE' THEN "roles" <@ ARRAY['SERVICE_MONITOR', 'SERVICE_INTAKE']
                ELSE NOT "roles" && ARRAY['SERVICE_MONITOR', 'SERVICE_INTAKE'] END),
  -- What a program files, it files for the person named in the filing: it is itself nobody's account.
  ADD CONSTRAINT "staff_service_person_check" CHECK ("kind" = 'PERSON' OR ("person_id" IS NULL AND "provider_id" IS NULL)),
  ADD CONSTRAINT "staff_intake_check" CHECK ("intake_processes" = '{}' OR "roles" @> ARRAY['SERVICE_INTAKE']),
  -- GB/T 22239 level 3, 8.1.4.2: the three administrators exclude each other, and every role that works on cases.
  ADD CONSTRAINT "staff_administrator_check" CHECK (
    NOT "roles" && ARRAY['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] OR cardinality("roles") = 1);
CREATE UNIQUE INDEX "staff_kind_key" ON "staff"("staff_id", "kind");

-- Sessions of the console. The secret is in the browser only; its hash finds the row.
CREATE TABLE "session" (
  "session_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "token_hash" BYTEA NOT NULL,
  "staff_id" TEXT NOT NULL,
  "staff_kind" TEXT NOT NULL DEFAULT 'PERSON',
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL,
  "absolute_end_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "ended_how" TEXT,
  CONSTRAINT "session_pkey" PRIMARY KEY ("session_id"),
  -- Through the kind, so that no program can hold a session and nobody with a session can become one.
  CONSTRAINT "session_staff_fkey" FOREIGN KEY ("staff_id", "staff_kind") REFERENCES "staff"("staff_id", "kind") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "session_kind_check" CHECK ("staff_kind" = 'PERSON'),
  CONSTRAINT "session_hash_check" CHECK (octet_length("token_hash") = 32),
  CONSTRAINT "session_end_check" CHECK (("ended_at" IS NULL) = ("ended_how" IS NULL)),
  CONSTRAINT "session_how_check" CHECK ("ended_how" IN ('LOGOUT', 'IDLE', 'ABSOLUTE', 'REPLACED', 'ADMINISTRATOR', 'ACCOUNT_CLOSED'))
);
CREATE UNIQUE INDEX "session_token_key" ON "session"("token_hash");
CREATE INDEX "session_staff_idx" ON "session"("staff_id", "session_id" DESC);

-- Wrong passwords at the embedded login, by the hash of what was typed as user name: it may be another secret, typed into the
-- wrong field.
CREATE TABLE "login_attempt" (
  "login_hash" BYTEA NOT NULL,
  "failures" INTEGER NOT NULL,
  "failed_at" TIMESTAMPTZ(3) NOT NULL,
  "locked_until" TIMESTAMPTZ(3),
  CONSTRAINT "login_attempt_pkey" PRIMARY KEY ("login_hash")
);

-- What was done to accounts, by whom and why. `by_id` is null when it was the system itself (a lock after wrong passwords).
CREATE TABLE "account_event" (
  "event_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "staff_id" TEXT NOT NULL,
  "by_id" TEXT,
  "reason" TEXT,
  "before" JSONB NOT NULL,
  "after" JSONB NOT NULL,
  "request_id" TEXT,
  CONSTRAINT "account_event_pkey" PRIMARY KEY ("event_id"),
  CONSTRAINT "account_event_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "account_event_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "account_event_kind_check" CHECK ("kind" IN ('ENABLED', 'DISABLED', 'SESSIONS_ENDED', 'UNLOCKED', 'LOCKED', 'ROLES_CHANGED')),
  CONSTRAINT "account_event_reason_check" CHECK (("by_id" IS NULL) = ("kind" = 'LOCKED') AND ("by_id" IS NULL) = ("reason" IS NULL)),
  CONSTRAINT "account_event_own_check" CHECK ("by_id" <> "staff_id")
);
CREATE INDEX "account_event_staff_idx" ON "account_event"("staff_id", "event_id" DESC);
CREATE TRIGGER "account_event_append_only" BEFORE UPDATE OR DELETE ON "account_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "account_event_no_truncate" BEFORE TRUNCATE ON "account_event" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- How the audit administrator asks: one person, one day (for one case there is an index already).
CREATE INDEX "access_log_user_idx" ON "access_log"("user_id", "entry_id" DESC);
CREATE INDEX "access_log_at_idx" ON "access_log"("at");

-- A program sees the cases it filed itself.
CREATE INDEX "case_file_filed_by_idx" ON "case_file"("filed_by", "case_id");

-- The backbone: offices and people, what they refer to, cases with their clocks, and an append-only log.
-- Days are DATE (Asia/Shanghai civil days), instants are TIMESTAMPTZ and always come from the clock of the case.

-- Offices and people -------------------------------------------------------------------------------------------

CREATE TABLE "office" (
  "office_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "level" TEXT NOT NULL,
  "parent_id" TEXT,
  CONSTRAINT "office_pkey" PRIMARY KEY ("office_id"),
  CONSTRAINT "office_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "office_level_check" CHECK ("level" IN ('TOWNSHIP', 'COUNTY', 'CITY', 'PROVINCE'))
);

CREATE TABLE "provider" (
  "provider_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "grade" INTEGER NOT NULL,
  "designated" BOOLEAN NOT NULL,
  "county_office_id" TEXT NOT NULL,
  CONSTRAINT "provider_pkey" PRIMARY KEY ("provider_id"),
  CONSTRAINT "provider_county_office_id_fkey" FOREIGN KEY ("county_office_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "provider_type_check" CHECK ("type" IN ('HOSPITAL', 'PHARMACY')),
  CONSTRAINT "provider_grade_check" CHECK ("grade" BETWEEN 0 AND 3)
);

CREATE TABLE "insured_person" (
  "person_id" TEXT NOT NULL,
  "id_card_no" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "sex" TEXT NOT NULL,
  "birth_date" DATE NOT NULL,
  "enrolment_agency_id" TEXT NOT NULL,
  "enrolment_status" TEXT NOT NULL,
  CONSTRAINT "insured_person_pkey" PRIMARY KEY ("person_id"),
  CONSTRAINT "insured_person_enrolment_agency_id_fkey" FOREIGN KEY ("enrolment_agency_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "insured_person_sex_check" CHECK ("sex" IN ('MALE', 'FEMALE')),
  CONSTRAINT "insured_person_status_check" CHECK ("enrolment_status" IN ('AWAITING_PAYMENT', 'ENROLLED'))
);
CREATE UNIQUE INDEX "insured_person_id_card_no_key" ON "insured_person"("id_card_no");
-- Cases are looked for by the name of the person.
CREATE INDEX "insured_person_name_idx" ON "insured_person"("name");

CREATE TABLE "staff" (
  "staff_id" TEXT NOT NULL,
  "username" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "roles" TEXT[] NOT NULL,
  "office_id" TEXT,
  "provider_id" TEXT,
  "person_id" TEXT,
  "active" BOOLEAN NOT NULL DEFAULT true,
  CONSTRAINT "staff_pkey" PRIMARY KEY ("staff_id"),
  CONSTRAINT "staff_office_id_fkey" FOREIGN KEY ("office_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "staff_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("provider_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "staff_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "insured_person"("person_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "staff_username_key" ON "staff"("username");

-- Reference data with effective dates --------------------------------------------------------------------------

CREATE TABLE "calendar_edition" (
  "edition_id" TEXT NOT NULL,
  "year" INTEGER NOT NULL,
  "source" TEXT NOT NULL,
  "published_on" DATE NOT NULL,
  "loaded_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "calendar_edition_pkey" PRIMARY KEY ("edition_id")
);
CREATE TABLE "calendar_day" (
  "edition_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "kind" TEXT NOT NULL,
  CONSTRAINT "calendar_day_pkey" PRIMARY KEY ("edition_id", "day"),
  CONSTRAINT "calendar_day_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "calendar_edition"("edition_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "calendar_day_kind_check" CHECK ("kind" IN ('DAY_OFF', 'MAKE_UP_WORKDAY'))
);

CREATE TABLE "chronic_disease" (
  "disease_code" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "valid_months" INTEGER NOT NULL,
  "label" TEXT NOT NULL,
  "effective_from" DATE NOT NULL,
  "effective_to" DATE,
  CONSTRAINT "chronic_disease_pkey" PRIMARY KEY ("disease_code", "effective_from")
);
CREATE TABLE "rate" (
  "key" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "label" TEXT NOT NULL,
  "effective_from" DATE NOT NULL,
  "effective_to" DATE,
  CONSTRAINT "rate_pkey" PRIMARY KEY ("key", "effective_from"),
  CONSTRAINT "rate_label_check" CHECK ("label" IN ('S0', 'EXAMPLE', 'AGENCY'))
);
CREATE TABLE "catalogue_item" (
  "code" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "fee_category" TEXT NOT NULL,
  "cost_class" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "label" TEXT NOT NULL,
  "effective_from" DATE NOT NULL,
  "effective_to" DATE,
  CONSTRAINT "catalogue_item_pkey" PRIMARY KEY ("code", "effective_from")
);

-- Cases --------------------------------------------------------------------------------------------------------

-- Gap-tolerant and never reused: a number given out in a transaction that fails is simply skipped.
CREATE SEQUENCE "acceptance_number" AS BIGINT;

CREATE TABLE "case_file" (
  "case_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "acceptance_no" TEXT NOT NULL,
  "process_type" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "current_stage" TEXT NOT NULL,
  "current_step" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "person_id" TEXT,
  "provider_id" TEXT,
  "agency_id" TEXT NOT NULL,
  "township_id" TEXT,
  "county_id" TEXT NOT NULL,
  "city_id" TEXT NOT NULL,
  "parent_case_id" BIGINT,
  "handling_office_id" TEXT,
  "handling_roles" TEXT[] NOT NULL,
  "received_on" DATE NOT NULL,
  "filed_at" TIMESTAMPTZ(3) NOT NULL,
  "filed_by" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "stage_seq" INTEGER NOT NULL,
  "stage_limit_id" TEXT,
  "stage_due_on" DATE,
  "stage_days_left" INTEGER,
  "stage_provisional" BOOLEAN NOT NULL DEFAULT false,
  "total_limit_id" TEXT,
  "total_due_on" DATE,
  "total_days_left" INTEGER,
  "total_provisional" BOOLEAN NOT NULL DEFAULT false,
  "total_ended_on" DATE,
  "total_days_late" INTEGER,
  "calendar_edition" TEXT NOT NULL,
  "suspended_on" DATE,
  "correction_due_on" DATE,
  "repair_due_on" DATE,
  "stuck_on" DATE,
  "stuck_from" DATE,
  "last_activity_on" DATE NOT NULL,
  "next_effect_kind" TEXT,
  "next_effect_at" TIMESTAMPTZ(3),
  "clock_ahead_ms" BIGINT NOT NULL DEFAULT 0,
  "form" JSONB NOT NULL,
  "facts" JSONB NOT NULL,
  "started_at" TIMESTAMPTZ(3),
  -- The store's own clock, for the comparison of store and engine only; everything people see carries the case's clock.
  "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT "case_file_pkey" PRIMARY KEY ("case_id"),
  CONSTRAINT "case_file_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "insured_person"("person_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("provider_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_township_id_fkey" FOREIGN KEY ("township_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_county_id_fkey" FOREIGN KEY ("county_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_city_id_fkey" FOREIGN KEY ("city_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_parent_case_id_fkey" FOREIGN KEY ("parent_case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_file_status_check" CHECK ("status" IN ('DRAFT', 'IN_PROGRESS', 'AWAITING_CORRECTION', 'AWAITING_VERIFICATION', 'APPROVED', 'REJECTED', 'WITHDRAWN', 'CLOSED')),
  CONSTRAINT "case_file_ended_check" CHECK (("status" IN ('REJECTED', 'WITHDRAWN', 'CLOSED')) = ("ended_at" IS NOT NULL)),
  CONSTRAINT "case_file_suspended_check" CHECK (("status" IN ('AWAITING_CORRECTION', 'AWAITING_VERIFICATION')) = ("suspended_on" IS NOT NULL)),
  CONSTRAINT "case_file_version_check" CHECK ("version" >= 0)
);
CREATE UNIQUE INDEX "case_file_acceptance_no_key" ON "case_file"("acceptance_no");
-- My desk: what waits for this office, by due day.
CREATE INDEX "case_file_desk_idx" ON "case_file"("handling_office_id", "stage_due_on", "case_id") WHERE "ended_at" IS NULL;
-- Stuck: everything whose day has come, by county and for the whole city.
CREATE INDEX "case_file_stuck_idx" ON "case_file"("stuck_from", "case_id") WHERE "ended_at" IS NULL AND "stuck_from" IS NOT NULL;
CREATE INDEX "case_file_stuck_county_idx" ON "case_file"("county_id", "stuck_from") WHERE "ended_at" IS NULL AND "stuck_from" IS NOT NULL;
CREATE INDEX "case_file_county_idx" ON "case_file"("county_id", "case_id");
CREATE INDEX "case_file_township_idx" ON "case_file"("township_id", "case_id");
CREATE INDEX "case_file_person_idx" ON "case_file"("person_id");
CREATE INDEX "case_file_provider_idx" ON "case_file"("provider_id");
CREATE INDEX "case_file_status_idx" ON "case_file"("status", "case_id");
-- The comparison of store and engine looks at cases that have just ended, too: their procedures may not have heard of it.
CREATE INDEX "case_file_touched_idx" ON "case_file"("touched_at");
CREATE INDEX "case_file_not_started_idx" ON "case_file"("case_id") WHERE "started_at" IS NULL;

-- One row per turn: its key is what makes a repeated activity harmless; its result is what a repeated request gets.
CREATE TABLE "case_turn" (
  "case_id" BIGINT NOT NULL,
  "turn" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "user_id" TEXT,
  "request_key" TEXT,
  "request_hash" TEXT,
  -- The decision as it came in: if a worker dies between this row and the engine's record, the procedure takes it up from here.
  "request" JSONB,
  "result" JSONB NOT NULL,
  CONSTRAINT "case_turn_pkey" PRIMARY KEY ("case_id", "turn"),
  CONSTRAINT "case_turn_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "case_turn_request_key" ON "case_turn"("user_id", "request_key") WHERE "request_key" IS NOT NULL;

CREATE TABLE "case_event" (
  "case_id" BIGINT NOT NULL,
  "seq" INTEGER NOT NULL,
  "turn" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "decision" TEXT,
  "stage" TEXT NOT NULL,
  "step" TEXT NOT NULL,
  "actor_id" TEXT,
  "actor_name" TEXT,
  "office_id" TEXT,
  "reason" TEXT,
  "data" JSONB NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "due_on" DATE,
  "days_late" INTEGER,
  "effect_key" TEXT,
  "prev_hash" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  CONSTRAINT "case_event_pkey" PRIMARY KEY ("case_id", "seq"),
  CONSTRAINT "case_event_turn_fkey" FOREIGN KEY ("case_id", "turn") REFERENCES "case_turn"("case_id", "turn") ON DELETE RESTRICT ON UPDATE RESTRICT
);
-- Each reminder, breach and escalation once, whatever is repeated (I5).
CREATE UNIQUE INDEX "case_event_effect_key" ON "case_event"("case_id", "effect_key") WHERE "effect_key" IS NOT NULL;

CREATE TABLE "stage" (
  "case_id" BIGINT NOT NULL,
  "seq" INTEGER NOT NULL,
  "stage" TEXT NOT NULL,
  "office_id" TEXT,
  "limit_id" TEXT,
  "article" TEXT,
  "start_on" DATE NOT NULL,
  "due_on" DATE,
  "provisional" BOOLEAN NOT NULL DEFAULT false,
  "calendar_edition" TEXT NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "closed_by" TEXT,
  "days_late" INTEGER,
  CONSTRAINT "stage_pkey" PRIMARY KEY ("case_id", "seq"),
  CONSTRAINT "stage_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "stage_closed_check" CHECK ("closed_at" IS NULL OR "closed_at" >= "opened_at")
);
CREATE UNIQUE INDEX "stage_open_key" ON "stage"("case_id") WHERE "closed_at" IS NULL;

CREATE TABLE "suspension" (
  "case_id" BIGINT NOT NULL,
  "seq" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "suspended_on" DATE NOT NULL,
  "resumed_on" DATE,
  "reason" TEXT NOT NULL,
  "basis" TEXT NOT NULL,
  "opened_by" TEXT,
  "closed_by" TEXT,
  "opened_turn" INTEGER NOT NULL,
  "closed_turn" INTEGER,
  CONSTRAINT "suspension_pkey" PRIMARY KEY ("case_id", "seq"),
  CONSTRAINT "suspension_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "suspension_kind_check" CHECK ("kind" IN ('CORRECTION', 'VERIFICATION')),
  CONSTRAINT "suspension_order_check" CHECK ("resumed_on" IS NULL OR "resumed_on" >= "suspended_on")
);
CREATE UNIQUE INDEX "suspension_open_key" ON "suspension"("case_id") WHERE "resumed_on" IS NULL;

-- Four eyes in the store too (I7): one person holds at most one duty in a chain of a case.
CREATE TABLE "case_actor" (
  "case_id" BIGINT NOT NULL,
  "chain" TEXT NOT NULL,
  "staff_id" TEXT NOT NULL,
  "duty" TEXT NOT NULL,
  CONSTRAINT "case_actor_pkey" PRIMARY KEY ("case_id", "chain", "staff_id"),
  CONSTRAINT "case_actor_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- Of one kind and key at most one claim may hold at a time (one registration per disease, one case per bill …).
CREATE TABLE "case_claim" (
  "claim_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "case_id" BIGINT NOT NULL,
  "kind" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "valid_from" DATE,
  "valid_to" DATE,
  "released_at" TIMESTAMPTZ(3),
  CONSTRAINT "case_claim_pkey" PRIMARY KEY ("claim_id"),
  CONSTRAINT "case_claim_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_claim_order_check" CHECK ("valid_from" IS NULL OR "valid_to" IS NULL OR "valid_from" <= "valid_to")
);
CREATE INDEX "case_claim_held_idx" ON "case_claim"("kind", "key") WHERE "released_at" IS NULL;
CREATE INDEX "case_claim_case_idx" ON "case_claim"("case_id");

-- Documents: the bytes lie once per content in the document store, here is what was handed in ---------------------

CREATE TABLE "document" (
  "document_id" UUID NOT NULL,
  "sha256" TEXT NOT NULL,
  "media_type" TEXT NOT NULL,
  "byte_size" INTEGER NOT NULL,
  "file_name" TEXT NOT NULL,
  "uploaded_by" TEXT NOT NULL,
  "office_id" TEXT,
  "uploaded_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "document_pkey" PRIMARY KEY ("document_id"),
  CONSTRAINT "document_media_type_check" CHECK ("media_type" IN ('application/pdf', 'image/jpeg', 'image/png')),
  CONSTRAINT "document_sha256_check" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  CONSTRAINT "document_byte_size_check" CHECK ("byte_size" > 0)
);
CREATE TABLE "case_document" (
  "case_id" BIGINT NOT NULL,
  "document_id" UUID NOT NULL,
  "type" TEXT NOT NULL,
  "turn" INTEGER NOT NULL,
  CONSTRAINT "case_document_pkey" PRIMARY KEY ("case_id", "document_id", "type"),
  CONSTRAINT "case_document_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "case_document_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document"("document_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- What procedures bring about ---------------------------------------------------------------------------------

CREATE TABLE "case_output" (
  "case_id" BIGINT NOT NULL,
  "kind" TEXT NOT NULL,
  "turn" INTEGER NOT NULL,
  "number" TEXT NOT NULL,
  "issued_on" DATE NOT NULL,
  "content" JSONB NOT NULL,
  CONSTRAINT "case_output_pkey" PRIMARY KEY ("case_id", "kind", "turn"),
  CONSTRAINT "case_output_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE TABLE "chronic_registration" (
  "case_id" BIGINT NOT NULL,
  "person_id" TEXT NOT NULL,
  "disease_code" TEXT NOT NULL,
  "valid_from" DATE NOT NULL,
  "valid_to" DATE NOT NULL,
  CONSTRAINT "chronic_registration_pkey" PRIMARY KEY ("case_id"),
  CONSTRAINT "chronic_registration_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "chronic_registration_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "insured_person"("person_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "chronic_registration_order_check" CHECK ("valid_from" <= "valid_to")
);
CREATE INDEX "chronic_registration_person_idx" ON "chronic_registration"("person_id", "disease_code");
CREATE TABLE "out_of_area_filing" (
  "case_id" BIGINT NOT NULL,
  "person_id" TEXT NOT NULL,
  "destination" TEXT NOT NULL,
  "valid_from" DATE NOT NULL,
  "valid_to" DATE NOT NULL,
  "cancelled_on" DATE,
  CONSTRAINT "out_of_area_filing_pkey" PRIMARY KEY ("case_id"),
  CONSTRAINT "out_of_area_filing_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "out_of_area_filing_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "insured_person"("person_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "out_of_area_filing_order_check" CHECK ("valid_from" <= "valid_to")
);
CREATE TABLE "introduction_letter" (
  "letter_no" TEXT NOT NULL,
  "case_id" BIGINT NOT NULL,
  "person_id" TEXT NOT NULL,
  "provider_id" TEXT NOT NULL,
  "admitted_on" DATE NOT NULL,
  "liability" TEXT NOT NULL,
  "liability_grade" TEXT,
  "issued_on" DATE NOT NULL,
  CONSTRAINT "introduction_letter_pkey" PRIMARY KEY ("letter_no"),
  CONSTRAINT "introduction_letter_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "introduction_letter_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "insured_person"("person_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE "benefit" (
  "case_id" BIGINT NOT NULL,
  "turn" INTEGER NOT NULL,
  "insurance_year" INTEGER NOT NULL,
  "total" NUMERIC(14,2) NOT NULL,
  "in_scope" NUMERIC(14,2) NOT NULL,
  "fund_pays" NUMERIC(14,2) NOT NULL,
  "insured_pays" NUMERIC(14,2) NOT NULL,
  "current" BOOLEAN NOT NULL,
  "breakdown" JSONB NOT NULL,
  CONSTRAINT "benefit_pkey" PRIMARY KEY ("case_id", "turn"),
  CONSTRAINT "benefit_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "benefit_amounts_check" CHECK ("total" >= 0 AND "in_scope" >= 0 AND "in_scope" <= "total" AND "fund_pays" >= 0 AND "insured_pays" >= 0)
);
CREATE UNIQUE INDEX "benefit_current_key" ON "benefit"("case_id") WHERE "current";
CREATE TABLE "benefit_line" (
  "case_id" BIGINT NOT NULL,
  "turn" INTEGER NOT NULL,
  "n" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "cost_class" TEXT NOT NULL,
  "amount" NUMERIC(14,2) NOT NULL,
  "first_self_pay" NUMERIC(14,2) NOT NULL,
  "in_scope" NUMERIC(14,2) NOT NULL,
  "rule" TEXT NOT NULL,
  "article" TEXT NOT NULL,
  CONSTRAINT "benefit_line_pkey" PRIMARY KEY ("case_id", "turn", "n"),
  CONSTRAINT "benefit_line_benefit_fkey" FOREIGN KEY ("case_id", "turn") REFERENCES "benefit"("case_id", "turn") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "benefit_line_amounts_check" CHECK ("first_self_pay" >= 0 AND "in_scope" >= 0 AND "first_self_pay" + "in_scope" = "amount")
);

CREATE TABLE "payment_list" (
  "list_no" TEXT NOT NULL,
  "city_id" TEXT NOT NULL,
  "printed_on" DATE NOT NULL,
  CONSTRAINT "payment_list_pkey" PRIMARY KEY ("list_no"),
  CONSTRAINT "payment_list_city_id_fkey" FOREIGN KEY ("city_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "payment_list_day_key" ON "payment_list"("city_id", "printed_on");
CREATE TABLE "payment_item" (
  "case_id" BIGINT NOT NULL,
  "list_no" TEXT NOT NULL,
  "county_id" TEXT NOT NULL,
  "amount" NUMERIC(14,2) NOT NULL,
  "status" TEXT NOT NULL,
  "pay_by" DATE,
  "paid_on" DATE,
  CONSTRAINT "payment_item_pkey" PRIMARY KEY ("case_id"),
  CONSTRAINT "payment_item_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "payment_item_list_no_fkey" FOREIGN KEY ("list_no") REFERENCES "payment_list"("list_no") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "payment_item_county_id_fkey" FOREIGN KEY ("county_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "payment_item_status_check" CHECK ("status" IN ('LISTED', 'HANDED_OVER', 'ORDERED', 'PAID', 'FAILED', 'TAKEN_OFF')),
  CONSTRAINT "payment_item_amount_check" CHECK ("amount" >= 0)
);
CREATE INDEX "payment_item_list_idx" ON "payment_item"("list_no");
CREATE TABLE "recovery_claim" (
  "case_id" BIGINT NOT NULL,
  "ground" TEXT NOT NULL,
  "amount" NUMERIC(14,2) NOT NULL,
  "recovered" NUMERIC(14,2) NOT NULL DEFAULT 0,
  "status" TEXT NOT NULL,
  CONSTRAINT "recovery_claim_pkey" PRIMARY KEY ("case_id"),
  CONSTRAINT "recovery_claim_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_file"("case_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "recovery_claim_status_check" CHECK ("status" IN ('OPEN', 'RECOVERED', 'WRITTEN_OFF')),
  CONSTRAINT "recovery_claim_amount_check" CHECK ("recovered" >= 0 AND "recovered" <= "amount")
);

-- Notices to offices and persons (reminder, breach, return, rejection), written in the turn that causes them.
CREATE TABLE "notice" (
  "case_id" BIGINT NOT NULL,
  "turn" INTEGER NOT NULL,
  "n" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "to_office_id" TEXT,
  "to_role" TEXT,
  "to_person_id" TEXT,
  "content" JSONB NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "notice_pkey" PRIMARY KEY ("case_id", "turn", "n"),
  CONSTRAINT "notice_turn_fkey" FOREIGN KEY ("case_id", "turn") REFERENCES "case_turn"("case_id", "turn") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "notice_office_idx" ON "notice"("to_office_id", "at" DESC);
CREATE INDEX "notice_person_idx" ON "notice"("to_person_id", "at" DESC);

-- Who asked for what and was refused, or looked at what (I3).
CREATE TABLE "access_log" (
  "entry_id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "user_id" TEXT,
  "method" TEXT NOT NULL,
  "route" TEXT NOT NULL,
  "acceptance_no" TEXT,
  "status" INTEGER NOT NULL,
  "code" TEXT,
  "request_id" TEXT NOT NULL,
  CONSTRAINT "access_log_pkey" PRIMARY KEY ("entry_id")
);

-- The log only ever grows: not even the owner of the tables edits or deletes a row by an ordinary statement (I8).
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "case_event_append_only" BEFORE UPDATE OR DELETE ON "case_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "case_event_no_truncate" BEFORE TRUNCATE ON "case_event" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "case_turn_append_only" BEFORE UPDATE OR DELETE ON "case_turn" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "case_turn_no_truncate" BEFORE TRUNCATE ON "case_turn" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "access_log_append_only" BEFORE UPDATE OR DELETE ON "access_log" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "access_log_no_truncate" BEFORE TRUNCATE ON "access_log" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

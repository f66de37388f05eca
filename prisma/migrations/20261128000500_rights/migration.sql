-- Who a natural person is behind accounts, whose cases are kept from them, and who stands in for whom.

-- The same for every account of one person; without one the insured person of the account, or the account itself, stands for it.
ALTER TABLE "staff" ADD COLUMN "identity" TEXT;
CREATE INDEX "staff_identity_idx" ON "staff" ("identity");

-- Four eyes are those of persons: one of them holds at most one duty of a chain, under whatever account.
ALTER TABLE "case_actor" ADD COLUMN "identity" TEXT;
CREATE UNIQUE INDEX "case_actor_identity_key" ON "case_actor" ("case_id", "chain", (COALESCE("identity", "staff_id")));

-- Declared relatives (回避). Ended, never changed or deleted.
CREATE TABLE "staff_relative" (
  "relative_id" UUID NOT NULL,
  "identity" TEXT NOT NULL,
  "office_id" TEXT,
  "provider_id" TEXT,
  -- null: nobody insured here has this number
  "person_id" TEXT,
  "relation" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "id_card_no_masked" TEXT NOT NULL,
  "declared_at" TIMESTAMPTZ(3) NOT NULL,
  "declared_by" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "ended_by" TEXT,
  "end_reason" TEXT,
  CONSTRAINT "staff_relative_pkey" PRIMARY KEY ("relative_id"),
  CONSTRAINT "staff_relative_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "insured_person"("person_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "staff_relative_declared_by_fkey" FOREIGN KEY ("declared_by") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "staff_relative_ended_by_fkey" FOREIGN KEY ("ended_by") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "staff_relative_end_check" CHECK (("ended_at" IS NULL) = ("ended_by" IS NULL))
);
CREATE INDEX "staff_relative_identity_idx" ON "staff_relative" ("identity");

-- Who stands in for whom (代办), from one day to another, both included. Ended, never changed or deleted.
CREATE TABLE "deputy" (
  "deputy_no" UUID NOT NULL,
  "principal_id" TEXT NOT NULL,
  "deputy_id" TEXT NOT NULL,
  "office_id" TEXT NOT NULL,
  "roles" TEXT[] NOT NULL,
  "from_day" DATE NOT NULL,
  "to_day" DATE NOT NULL,
  "granted_at" TIMESTAMPTZ(3) NOT NULL,
  "granted_by" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "ended_by" TEXT,
  CONSTRAINT "deputy_pkey" PRIMARY KEY ("deputy_no"),
  CONSTRAINT "deputy_principal_id_fkey" FOREIGN KEY ("principal_id") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "deputy_deputy_id_fkey" FOREIGN KEY ("deputy_id") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "deputy_office_id_fkey" FOREIGN KEY ("office_id") REFERENCES "office"("office_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "deputy_granted_by_fkey" FOREIGN KEY ("granted_by") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "deputy_ended_by_fkey" FOREIGN KEY ("ended_by") REFERENCES "staff"("staff_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "deputy_order_check" CHECK ("from_day" <= "to_day"),
  CONSTRAINT "deputy_other_check" CHECK ("principal_id" <> "deputy_id"),
  CONSTRAINT "deputy_roles_check" CHECK (cardinality("roles") > 0)
);
CREATE INDEX "deputy_deputy_id_idx" ON "deputy" ("deputy_id", "principal_id");
CREATE INDEX "deputy_office_id_idx" ON "deputy" ("office_id");

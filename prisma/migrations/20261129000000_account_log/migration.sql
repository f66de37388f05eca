-- What was done to accounts is sealed by the heads of the log like everything else that is only added to.
ALTER TABLE "account_event" ADD COLUMN "log_no" BIGINT NOT NULL DEFAULT nextval('log_number');
CREATE UNIQUE INDEX "account_event_log_no_key" ON "account_event"("log_no");

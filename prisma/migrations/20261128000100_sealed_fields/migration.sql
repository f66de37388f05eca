-- The ID number itself lies sealed; whoever knows it finds the person by this keyed digest of it. Empty: not sealed yet, see `npm run keys`.
ALTER TABLE "insured_person" ADD COLUMN "id_card_index" TEXT;
CREATE UNIQUE INDEX "insured_person_id_card_index_key" ON "insured_person"("id_card_index");

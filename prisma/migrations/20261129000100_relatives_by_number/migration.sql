-- A declared relative who becomes insured only later is known again by the blind index of their number.
ALTER TABLE "staff_relative" ADD COLUMN "id_card_index" TEXT;

import type pg from 'pg';
import type { CatalogueItem, DatedRate } from '../../domain/benefits/types.ts';

/** All rates and the whole catalogue of all times, as the store holds them. */
export async function readFigures(tx: pg.ClientBase): Promise<{ rates: DatedRate[]; catalogue: CatalogueItem[] }> {
  const rates = await tx.query<DatedRate>(
    `SELECT key, value, source, label, ${PERIOD} FROM rate ORDER BY key, effective_from`,
  );
  const catalogue = await tx.query<CatalogueItem>(
    `SELECT code, name, fee_category AS "feeCategory", cost_class AS "costClass", kind, label, ${PERIOD}
     FROM catalogue_item ORDER BY code, effective_from`,
  );
  return { rates: withoutNulls(rates.rows), catalogue: withoutNulls(catalogue.rows) };
}

const PERIOD = `effective_from::text AS "effectiveFrom", effective_to::text AS "effectiveTo"`;

const withoutNulls = <T extends object>(rows: readonly T[]): T[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T);

import { loadCalendar } from '../../activities/calendar.ts';
import { insertCase } from '../../activities/filing.ts';
import type { FiledCase } from '../../domain/case.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import type { Office } from '../support/office.ts';

/** Cases for tests about the clock, and what it did to them. */
export const fileInpatient = (office: Office, receivedOn?: string): Promise<string> => {
  const form = formOf('GENERAL_INPATIENT');
  return office.file('REIMBURSEMENT_REVIEW', 'town1.clerk', {
    form,
    documents: papersFor(form),
    ...(receivedOn ? { receivedOn } : {}),
  });
};

/** '2025-09-28 LIMIT_PASSED S1:LIMIT_PASSED:2025-09-28': day (UTC) on which it was recorded, kind, key. */
export const effectsOf = async (office: Office, no: string): Promise<string[]> =>
  (await office.events(no)).filter((e) => e.effectKey).map((e) => `${e.at.slice(0, 10)} ${e.kind} ${e.effectKey}`);

/** A case that is in the store while nothing else runs: whoever accepted it died before its procedure was started. */
export async function writeUnstarted(office: Office, at: string): Promise<FiledCase> {
  const { db, vault } = office.deps;
  const instant = Date.parse(at);
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    const filed = await insertCase(tx, vault, {
      definition: getProcess('REIMBURSEMENT_REVIEW'),
      user: await office.user('town1.clerk'),
      at: instant,
      clockAheadMs: instant - Date.now(),
      form: formOf('GENERAL_INPATIENT'),
      facts: {},
      documents: [],
      receivedOn: plainDateAt(instant),
      offices: { receivingId: '441602001', townshipId: '441602001', countyId: '441602', cityId: '441600' },
      step: 'INTAKE',
      calendar: await loadCalendar(db),
      spreadSeconds: 0,
    });
    await tx.query('COMMIT');
    return filed;
  } finally {
    tx.release();
  }
}

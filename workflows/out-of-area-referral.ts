import type { FiledCase, JsonObject } from '../domain/case.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import { destinationName, filingFormContent } from '../domain/processes/out-of-area-referral-form.ts';
import { outOfAreaReferral as rules } from '../domain/processes/out-of-area-referral.ts';
import type { Consequence } from '../domain/turn.ts';
import { openCaseFile } from './case-file.ts';
import { reviewChain } from './review-chain.ts';

/**
 * P02, S0 Art. 12(二): a window registers, the county reviews and files, the window issues the filing form. The filing then
 * stays valid until its last day; until treatment begins it can be cancelled.
 */
export async function outOfAreaReferral(filed: FiledCase): Promise<void> {
  const file = openCaseFile(rules, filed);

  const outcome = await reviewChain(file, ['REGISTERED', 'REVIEW', 'FILED'], 'FORM_ISSUED', {
    REVIEW: () => ({ status: 'APPROVED', facts: { approvedOn: file.today() } }),
    FILED: () => filing(file.snapshot.form),
  });
  if (outcome !== 'PASSED') return;

  for (;;) {
    const issued = await file.next();
    const content = filingFormContent(file.snapshot);
    if (await file.record(issued, { status: 'CLOSED', outputs: [{ kind: 'OUT_OF_AREA_FILING_FORM', content }] })) break;
  }

  for (;;) {
    const cancelled = await file.until(file.snapshot.form['plannedTo'] as PlainDate);
    if (!cancelled || (await file.record(cancelled, cancellation(file.today())))) return;
  }

  function filing(form: JsonObject): Consequence {
    const [validFrom, validTo] = [form['plannedFrom'] as PlainDate, form['plannedTo'] as PlainDate];
    return {
      effects: [{ kind: 'FILE_OUT_OF_AREA', destination: destinationName(form), validFrom, validTo }],
      facts: { filingStatus: 'ACTIVE', filedOn: file.today() },
      outputs: [{ kind: 'PROVINCIAL_PLATFORM_RECORD', content: filingFormContent(file.snapshot) }],
    };
  }
}

/** `[not in the sources]`: the case stays closed, the filing ends and the destination is free again. */
const cancellation = (today: PlainDate): Consequence => ({
  effects: [{ kind: 'CANCEL_OUT_OF_AREA' }, { kind: 'RELEASE_CLAIMS' }],
  facts: { filingStatus: 'CANCELLED', cancelledOn: today },
});

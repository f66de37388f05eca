import type { FiledCase, JsonObject } from '../domain/case.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import {
  establishedLiability,
  isAdvance,
  isTrauma,
  LIABILITY_OF,
  readForm,
} from '../domain/processes/reimbursement-form.ts';
import { benefitStatementContent, summaryListContent } from '../domain/processes/reimbursement-papers.ts';
import { FEEDBACK_LIMIT, type TransferKind } from '../domain/processes/reimbursement-payment.ts';
import { reimbursementReview as rules } from '../domain/processes/reimbursement-review.ts';
import { openingOf, verificationsNeeded } from '../domain/processes/reimbursement-verification.ts';
import type { StepOf } from '../domain/process.ts';
import { settings } from '../domain/time-limits.ts';
import type { Consequence, Effect } from '../domain/turn.ts';
import { openCaseFile, type CaseFile, type Decided } from './case-file.ts';
import { reviewChain } from './review-chain.ts';

type Step = StepOf<typeof rules>;
type File = CaseFile<Step>;

/**
 * P03, S0 Arts. 15, 19(一): the window enters and submits, the county reviews and submits the detail, the city prints the
 * list, rechecks and approves, finance pays. What has to be verified on site is verified between window and county.
 */
export async function reimbursementReview(filed: FiledCase): Promise<void> {
  const file = openCaseFile(rules, filed);

  const outcome = await reviewChain(
    file,
    [
      'INTAKE',
      'FIRST_REVIEW',
      'SECOND_REVIEW',
      'APPROVAL',
      'CITY_SUMMARY',
      'MEDICAL_RECHECK',
      'FINANCE_RECHECK',
      'LEADER_APPROVAL',
    ],
    'MADE_OUT',
    {
      INTAKE: (decided) => submitted(file, decided),
      APPROVAL: () => ({ effects: file.snapshot.form['advance'] === undefined ? [] : [{ kind: 'CALCULATE_BENEFIT' }] }),
      CITY_SUMMARY: () => listed(file),
      LEADER_APPROVAL: () => handedOver(file),
    },
    {
      onOther: {
        // What came in may have amended the lines; at intake they are calculated on submission.
        CORRECTION_RECEIVED: () => ({ effects: file.step === 'INTAKE' ? [] : [{ kind: 'CALCULATE_BENEFIT' }] }),
        RETURN_TO_PREVIOUS: (decided) => ({
          effects: leavesTheList(file, decided) ? [{ kind: 'TAKE_OFF_PAYMENT_LIST' }] : [],
        }),
      },
      afterVerification: (facts) => afterVerification(file, facts),
    },
  );
  if (outcome !== 'PASSED') return;

  // Art. 19(一): 制单, 审核, 复审, 拨付 by four people, then the bank's answer; a failed transfer goes into the next run.
  for (;;) {
    await reviewChain(file, ['MADE_OUT', 'CHECKED', 'RECHECKED', 'PAID', 'BANK_RESULT'], 'CLOSED', {
      PAID: (decided) => ordered(file, decided),
      BANK_RESULT: (decided) => fedBack(file, decided),
    });
    if (file.ended) return;
    await reviewChain(file, ['ACCOUNT_CORRECTION'], 'MADE_OUT', {
      ACCOUNT_CORRECTION: () => ({ reopen: true, effects: [{ kind: 'HAND_OVER_FOR_PAYMENT' }] }),
    });
  }
}

/** The county's five days begin; they and the total stand still while an injury or a lost receipt is verified (0.2-9). */
function submitted(file: File, { form: amended, request }: Decided): Consequence {
  const form = { ...file.snapshot.form, ...amended };
  const [first] = verificationsNeeded(form, { ...file.snapshot.facts, ...request.facts });
  if (!first) return { effects: [{ kind: 'CALCULATE_BENEFIT' }] };
  return {
    status: 'AWAITING_VERIFICATION',
    suspend: {
      kind: 'VERIFICATION',
      reason: first === 'TRAUMA' ? '外伤稽查核实' : '票据破损、遗失稽查核实',
      basis: first === 'TRAUMA' ? 'S0 Arts. 12(三), 14(五)' : 'S0 Art. 14(八)',
    },
    effects: [{ kind: 'CALCULATE_BENEFIT' }, openingOf(first, form)],
  };
}

/** One verification after the other; the last one settles what the benefit is calculated from. */
function afterVerification({ snapshot: { form } }: File, facts: JsonObject): Effect[] {
  const [following] = verificationsNeeded(form, facts);
  if (following) return [openingOf(following, form)];
  const { category } = readForm(form);
  const established = isTrauma(category) ? establishedLiability(facts) : undefined;
  // Found to be another category: the county returns it to the window, which amends it; then it is calculated.
  return established && established.liability !== LIABILITY_OF[category] ? [] : [{ kind: 'CALCULATE_BENEFIT' }];
}

function listed(file: File): Consequence {
  return {
    effects: [{ kind: 'LIST_FOR_PAYMENT' }],
    outputs: [{ kind: 'SUMMARY_PAYMENT_LIST', content: summaryListContent(file.snapshot, file.today()) }],
  };
}

/** The last approval. Its day decides the month of payment (DL-12); an advance payment is to be recovered (P11). */
function handedOver({ snapshot: { form } }: File): Consequence {
  const ground = readForm(form).advance?.ground;
  return {
    status: 'APPROVED',
    effects: [
      { kind: 'HAND_OVER_FOR_PAYMENT' },
      ...(ground && isAdvance(form) ? [{ kind: 'REGISTER_RECOVERY' as const, ground }] : []),
    ],
  };
}

const leavesTheList = (file: File, { returnTo = 'CITY_SUMMARY' }: Decided): boolean =>
  file.snapshot.stage === 'CITY_APPROVAL' && rules.steps[returnTo as Step].stage !== 'CITY_APPROVAL';

/** DL-14 or DL-15, counted from the day of the payment. */
function ordered(file: File, { form }: Decided): Consequence {
  const paidOn = (form['paidOn'] ?? file.today()) as PlainDate;
  const transferKind = form['transferKind'] as TransferKind;
  return {
    // Paid in time and entered later is paid in time.
    doneOn: paidOn,
    limit: { id: FEEDBACK_LIMIT[transferKind], startOn: paidOn },
    facts: { paidOn, transferKind },
    effects: [{ kind: 'ORDER_PAYMENT' }],
  };
}

function fedBack(file: File, { form }: Decided): Consequence {
  const result = form['result'] as 'PAID' | 'FAILED';
  const doneOn = (form['fedBackOn'] ?? file.today()) as PlainDate;
  const effects: Effect[] = [{ kind: 'RECORD_BANK_RESULT', result, on: doneOn }];
  return result === 'PAID'
    ? {
        status: 'CLOSED',
        doneOn,
        effects,
        outputs: [{ kind: 'BENEFIT_STATEMENT', content: benefitStatementContent(file.snapshot) }],
      }
    : { goTo: 'ACCOUNT_CORRECTION', doneOn, repairWithinWorkingDays: settings.PAYMENT_REPAIR_WORKING_DAYS, effects };
}

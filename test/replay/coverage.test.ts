import { keptHistories } from '../support/kept.ts';
import { openArmCounter } from './coverage.ts';
import { hasNoHistory, mustBeWalked } from './must-be-walked.ts';

/**
 * Kept histories are worth what they walk: every branch of every procedure has one that goes through it. What has none yet is listed
 * by name in `without-history.json`; a new branch is not on the list, and one that is walked by now must leave it.
 */
it('walks every branch of the procedures, but for those that are known to have no history', async () => {
  const counter = await openArmCounter();
  const histories = keptHistories();
  await counter.walk(histories);
  const arms = counter.arms().filter(mustBeWalked);
  const missing = arms.filter(({ walked }) => walked === 0).map(({ name }) => name);
  console.log(`${arms.length - missing.length} of ${arms.length} branches are walked by ${histories.length} histories`);
  expect([...new Set(missing)].sort()).toEqual(hasNoHistory());
}, 600_000);

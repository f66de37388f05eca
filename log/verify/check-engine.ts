import type { EngineMark } from './engine.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { CaseRecord } from './read-cases.ts';
import type { DutyRecord } from './read-duties.ts';

/** The engine was told after every turn where the log stood: whoever rewrites one of the two has the other against him. */
export function compareCase(record: CaseRecord, marks: readonly EngineMark[]): Finding[] {
  const { acceptanceNo: about, version, turns, events } = record;
  const findings: Finding[] = [];
  const found = (kind: FindingKind, detail: string): void =>
    void findings.push({ about, kind, between: ['CHAIN', 'ENGINE'], detail });
  const told = new Map(marks.map((mark) => [mark.version, mark]));
  for (const mark of told.values()) {
    const last = events.findLast(({ turn }) => turn === mark.version);
    if (!last) found('STORE_BEHIND', `the engine knows turn ${mark.version}, the store does not`);
    else if (mark.log && (mark.log.seq !== last.seq || mark.log.hash !== last.hash))
      found('LOG_DIFFERS', `turn ${mark.version}, event ${last.seq}`);
  }
  const newest = Math.max(...told.keys());
  if (newest < version) found('ENGINE_BEHIND', `the store has turn ${version}, the engine ${newest}`);
  for (const { turn, result } of turns) {
    if (turn > newest || !result.log) continue;
    if (!told.get(turn)?.log) found('LOG_DIFFERS', `the engine has no record of turn ${turn}`);
  }
  return findings;
}

/** The same of a duty, by the numbers of its events. */
export function compareDuty({ about, events }: DutyRecord, marks: readonly EngineMark[]): Finding[] {
  const findings: Finding[] = [];
  const found = (kind: FindingKind, detail: string): void =>
    void findings.push({ about, kind, between: ['CHAIN', 'ENGINE'], detail });
  let newest = 0;
  for (const { log } of marks) {
    if (!log) continue;
    newest = Math.max(newest, log.seq);
    const event = events.find(({ seq }) => seq === log.seq);
    if (!event) found('STORE_BEHIND', `the engine knows event ${log.seq}, the store does not`);
    else if (event.hash !== log.hash) found('LOG_DIFFERS', `event ${log.seq}`);
  }
  const last = events.at(-1)?.seq ?? 0;
  if (newest > 0 && newest < last) found('ENGINE_BEHIND', `the store has event ${last}, the engine ${newest}`);
  return findings;
}

import { sheetsOf } from '../../faults/checker/ledger.ts';
import { reportOf } from '../../faults/report.ts';
import type { WrittenLine } from '../../faults/record.ts';

/** A run of a few seconds, as the clients wrote it down. */
const asked = (key: string, at: number): WrittenLine => ({
  what: 'ASKED',
  key,
  username: 'a',
  decision: 'APPROVE',
  at,
});
const answered = (key: string, at: number, status = 200): WrittenLine => ({ what: 'ANSWERED', key, status, at });
const lines: WrittenLine[] = [
  asked('quick', 0),
  answered('quick', 1_000),
  asked('repeated', 1_000),
  answered('repeated', 2_000, 503),
  answered('repeated', 9_000),
  answered('repeated', 9_100),
  asked('refused', 9_000),
  answered('refused', 9_200, 409),
  asked('given-up', 9_000),
  asked('lost', 9_300),
  answered('lost', 10_000),
  { what: 'ASKED', key: 'filed', username: 'a', process: 'AUDIT', at: 9_400 },
  answered('filed', 9_500, 201),
];
const rowsOf = (text: string): string[][] => text.split('\n').map((row) => row.trim().split(/\s{2,}/));

it('tells what became of every decision, how long people waited, and how long nobody was answered after a fault', () => {
  const faults = [
    { kind: 'cut', begun: 9_000 },
    { kind: 'kill', begun: 1_500 },
  ];
  const report = rowsOf(
    reportOf({ sheets: sheetsOf(lines), stored: ['quick', 'repeated', 'repeated', 'given-up'] }, faults),
  );
  expect(report).toEqual([
    ['decisions', 'number', 'not stored', 'stored once', 'stored twice or more'],
    ['answered', '3', '1', '1', '1'],
    ['refused', '1', '1', '0', '0'],
    ['given up without an answer', '1', '0', '1', '0'],
    [''],
    ['waited for an answer, s', 'p50', 'p95', 'p99', 'longest'],
    ['from the first request', '1.0', '8.0', '8.0', '8.0'],
    [''],
    ['nobody was answered, s', 'faults', 'median', 'longest'],
    ['kill', '1', '7.5', '7.5'],
    ['cut', '1', '0.9', '0.9'],
  ]);
});

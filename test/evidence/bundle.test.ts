import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../domain/case.ts';
import type { SignedBundle } from '../../evidence/bundle.ts';
import { openFindings, type Check } from '../../evidence/check.ts';
import { checkHeads } from '../../evidence/checks/heads.ts';
import { collect } from '../../evidence/collect.ts';
import { checkSignature, signBundle } from '../../evidence/sign.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { keyOfFolder, publicKeysOf, type SigningKey } from '../../log/keys.ts';
import { writeHead } from '../../log/notary.ts';
import { decideAt, fileOne, onDay, openApart, passAll } from '../processes/reimbursement-walk.ts';
import type { Office } from '../support/office.ts';

let office: Office;
let folder: string;
let key: SigningKey;
let bundle: SignedBundle;

beforeAll(async () => {
  office = await openApart('2025-09-22T10:00:00+08:00');
  folder = await mkdtemp(join(tmpdir(), 'jingban-evidence-'));
  key = keyOfFolder(folder);
  const { db, vault } = office.deps;
  const no = await fileOne(office);
  await decideAt(office, no, 'INTAKE', { decision: 'RETURN_TO_APPLICANT', reason: '缺清单', missing: ['费用清单'] });
  await onDay(office, no, '2025-09-25');
  await decideAt(office, no, 'INTAKE', { decision: 'CORRECTION_RECEIVED' });
  await passAll(office, no, 'INTAKE', 'FIRST_REVIEW');
  await decideAt(office, no, 'SECOND_REVIEW', {
    decision: 'RETURN_TO_PREVIOUS',
    returnTo: 'FIRST_REVIEW',
    reason: '再核',
  });
  await onDay(office, no, '2025-10-20');
  await passAll(office, no, 'FIRST_REVIEW', 'BANK_RESULT');
  const now = () => Date.now();
  await writeHead({ db, key, witnessFolder: folder, warn: () => undefined, now }, 0);
  const madeBy = { userId: 's-county1.manager', name: '管理人员', reason: 'COMPLAINT' };
  bundle = signBundle(await collect({ db, vault, now, program: 'test' }, no, madeBy), key);
});
afterAll(async () => {
  await office?.close();
  await rm(folder, { recursive: true, force: true });
});

const wrongIn = (candidate: SignedBundle): Check[] => {
  const found = openFindings();
  checkHeads(candidate, publicKeysOf([key.publicKey]), found);
  return verifyBundle(candidate, found).filter(({ wrong }) => wrong);
};
const copy = (): SignedBundle => JSON.parse(JSON.stringify(bundle)) as SignedBundle;

it('holds everything needed to prove a case from its filing to the bank, and all of it agrees', () => {
  const found = openFindings();
  checkSignature(copy(), [key.publicKey], found);
  checkHeads(copy(), publicKeysOf([key.publicKey]), found);
  const checks = verifyBundle(copy(), found);
  expect(checks.filter(({ wrong }) => wrong)).toEqual([]);
  const subjects = new Set(checks.map(({ subject }) => subject));
  expect([...subjects].sort()).toEqual([
    'AMOUNTS',
    'CHAIN',
    'DATES',
    'DECISIONS',
    'EFFECTS',
    'HEADS',
    'LATENESS',
    'OPENINGS',
    'SIGNATURE',
    'STAGES',
    'TURNS',
  ]);
  expect(bundle.heads.flatMap(({ rows }) => rows)).toHaveLength(bundle.events.length);
  // The boxes stay with the agency; what they hold is disclosed value by value.
  expect(JSON.stringify(bundle)).not.toMatch(/"\$sealed":"\d+\.[\w-]{43}\.[\w-]+"/);
  expect(bundle.openings.map(({ field }) => field)).toEqual(expect.arrayContaining(['idCardNo', 'account']));
});

/** Every place in a part of the bundle, with a function that puts something else there. */
function* places(part: Json, path: string): Generator<[string, (change: (old: Json) => Json) => void]> {
  if (typeof part !== 'object' || part === null) return;
  const holder = part as { [name: string]: Json };
  for (const name of Object.keys(holder)) {
    const at = `${path}.${name}`;
    const value = holder[name] as Json;
    if (typeof value === 'object' && value !== null) yield* places(value, at);
    else yield [at, (change) => (holder[name] = change(value))];
  }
}
const other = (old: Json): Json =>
  typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : typeof old === 'string' ? `${old}x` : 'x';

/** There are thousands of places; so many of them, evenly spread, are tried. */
const TRIED = 80;

it.each(['events', 'turns', 'openings', 'heads'] as const)('finds any single value of its %s changed', (part) => {
  const changed = copy();
  const missed: string[] = [];
  let tried = 0;
  // The name of an opening's field helps the reader; what it commits to is the value.
  const all = [...places(changed[part] as unknown as Json, part)].filter(([at]) => !/^openings\.\d+\.field$/.test(at));
  const step = Math.max(1, Math.floor(all.length / TRIED));
  for (const [at, set] of all.filter((_, n) => n % step === 0)) {
    let before: Json = null;
    set((old) => {
      before = old;
      return other(old);
    });
    tried += 1;
    try {
      if (wrongIn(changed).length === 0) missed.push(at);
    } catch {
      // Not even readable any more: the command says so in a sentence of its own.
    }
    set(() => before);
  }
  expect(missed).toEqual([]);
  expect(tried).toBeGreaterThan(15);
});

it('finds rows left out, added or swapped, and a bundle signed by somebody else', () => {
  const without = copy();
  without.events.splice(3, 1);
  expect(wrongIn(without)).not.toEqual([]);
  const shortened = copy();
  shortened.events.pop();
  expect(wrongIn(shortened)).not.toEqual([]);
  const swapped = copy();
  [swapped.turns[1], swapped.turns[2]] = [swapped.turns[2]!, swapped.turns[1]!];
  swapped.turns.forEach((turn, n) => (turn.turn = n));
  expect(wrongIn(swapped)).not.toEqual([]);

  const elsewhere = keyOfFolder(join(folder, 'elsewhere'));
  const { signature: _signature, ...content } = copy();
  const found = openFindings();
  checkSignature(signBundle(content, elsewhere), [key.publicKey], found);
  expect(found.all.filter(({ wrong }) => wrong)).toHaveLength(1);
});

it('is checked by a command that needs nothing but the file and the key', async () => {
  const good = join(folder, 'good.json');
  const bad = join(folder, 'bad.json');
  const keys = join(folder, 'keys.txt');
  await writeFile(good, JSON.stringify(bundle));
  await writeFile(keys, `${key.publicKey}\n`);
  const altered = copy();
  const decided = altered.events.find(({ decision }) => decision === 'APPROVE');
  if (decided) decided.actor_name = '某某';
  await writeFile(bad, JSON.stringify(altered));

  const first = await run([good, '--key', keys]);
  expect(first.output).toMatch(/\d+ checks, 0 failures\n$/);
  expect(first.code).toBe(0);
  const second = await run([bad, '--key', keys]);
  expect(second.code).toBe(1);
  expect(second.output).toMatch(/✗ 日志链 event \d+/);
  expect((await run([join(folder, 'none.json')])).output).toContain('cannot be read');
});

/** Without any setting, as on somebody else's machine. */
const run = (args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const script = ['--import', 'tsx', 'scripts/verify-bundle.ts', ...args];
    execFile(process.execPath, script, { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });

import { readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import type { History } from '../support/histories.ts';
import { bytesOf } from '../support/histories.ts';

/**
 * `tsx test/replay/record.ts --address HOST:PORT --since ISO`: keeps one history of every way the procedures were
 * walked since then (by the process tests, say) as a fixture for `test/replay`. Two cases are one way when the same
 * decisions and effects followed each other. Recorded once per release; older fixtures stay and must replay for ever.
 */
const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
/** Of each process and outcome the shortest and the longest ways: the early ends and the full walks with their returns. */
const SHORTEST = 4;
const LONGEST = 8;
const MAX_BYTES = 200_000;

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: '127.0.0.1:17233' },
    namespace: { type: 'string', default: 'jingban' },
    since: { type: 'string', default: '1970-01-01T00:00:00Z' },
    renew: { type: 'boolean', default: false },
  },
});

const connection = await Connection.connect({ address: values.address });
const client = new Client({ connection, namespace: values.namespace });
const ways = new Map<string, { process: string; outcome: string; history: History; size: number }>();
const query = `StartTime > "${values.since}" AND WorkflowType IN (${(await processes()).map((code) => `"${code}"`).join(', ')})`;
for await (const { workflowId, runId, type, status } of client.workflow.list({ query })) {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const size = bytesOf(history).length;
  const outcome = status.name === 'COMPLETED' ? 'ended' : 'open';
  const way = `${type} ${outcome} ${stepsOf(history).join(' ')}`;
  const known = ways.get(way);
  if (size < MAX_BYTES && (!known || known.size > size)) ways.set(way, { process: type, outcome, history, size });
}
await connection.close();

if (values.renew) await Promise.all((await readdir(FOLDER)).map((name) => unlink(join(FOLDER, name))));
const groups = new Map<string, { way: string; history: History }[]>();
for (const [way, { process, outcome, history }] of [...ways].sort(([a], [b]) => a.length - b.length)) {
  const group = `${process.toLowerCase().replaceAll('_', '-')}-${outcome}`;
  groups.set(group, [...(groups.get(group) ?? []), { way, history }]);
}
for (const [group, all] of groups) {
  const kept = all.length <= SHORTEST + LONGEST ? all : [...all.slice(0, SHORTEST), ...all.slice(-LONGEST)];
  for (const [i, { way, history }] of kept.entries()) {
    await writeFile(join(FOLDER, `${group}-${i + 1}.history`), bytesOf(history));
    console.log(`${group}-${i + 1}.history  ${way.split(' ').slice(2).join(' ')}`);
  }
}

async function processes(): Promise<string[]> {
  const { PROCESSES } = await import('../../domain/processes/index.ts');
  return Object.keys(PROCESSES);
}

/** What people decided, in order, and how often a timer fired or a signal came. */
function stepsOf(history: History): string[] {
  return (history.events ?? []).flatMap((event) => {
    const update =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads?.[0]?.data;
    if (update) {
      const { input } = JSON.parse(Buffer.from(update).toString('utf8')) as {
        input: { step: string; decision: string };
      };
      return [`${input.step}:${input.decision}`];
    }
    if (event.timerFiredEventAttributes) return ['timer'];
    if (event.workflowExecutionSignaledEventAttributes)
      return [String(event.workflowExecutionSignaledEventAttributes.signalName)];
    return [];
  });
}

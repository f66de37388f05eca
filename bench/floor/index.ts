import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isOutage } from '../../api/outage.ts';
import { workerService } from '../../embedded/application.ts';
import type { Service } from '../../embedded/service.ts';
import { sleep } from '../../embedded/wait.ts';
import type { Side } from '../load.ts';
import type { Bench } from '../surroundings.ts';
import { createFloorActivities, FLOOR_TABLES, type FloorDecision } from './activities.ts';

/** As long as ours waits (api/cases/decide-case.ts). */
const PAUSE_MS = 150;

export interface FloorWorkerOptions {
  taskQueue: string;
  /** the engine's and SDK's own time-outs instead of ours */
  defaults?: boolean;
}
/** The plain SDK doing as many updates per case as the process it is compared with. */
export interface FloorOptions extends FloorWorkerOptions {
  decisionsPerCase: number;
  /** an activity of its own for each decision instead of a local one */
  naive?: boolean;
}

/** As one writes it first: nothing of ours, neither options nor local activities. */
export const naively = (taskQueue: string, decisionsPerCase: number): FloorOptions => ({
  ...{ taskQueue, decisionsPerCase },
  ...{ defaults: true, naive: true },
});

export async function prepareFloor({ db, folder }: Bench): Promise<string> {
  // Several measurements in one run share the tables.
  await db.query(FLOOR_TABLES);
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const bundle = join(folder, 'floor-bundle.js');
  writeFileSync(bundle, code);
  return bundle;
}

export function floorWorker(
  bench: Bench,
  bundle: string,
  { taskQueue, defaults = false }: FloorWorkerOptions,
  number = 0,
): Service {
  const service = workerService(bench.around(taskQueue), number);
  const program = join(bench.root, 'bench', 'floor', 'worker.ts');
  return {
    ...service,
    command: {
      ...service.command,
      name: `${taskQueue}-${number}`,
      args: ['--import', 'tsx', program, '--bundle', bundle, ...(defaults ? ['--defaults'] : [])],
      logFile: join(bench.folder, 'logs', `${taskQueue}-${number}.log`),
    },
  };
}

export function floor({ db, temporal }: Bench, options: FloorOptions): Side {
  const { taskQueue, decisionsPerCase, defaults = false, naive = false } = options;
  return {
    name: naive ? 'raw SDK, naive' : 'raw SDK',
    decisionsPerCase,
    async file() {
      const caseId = randomUUID();
      const text = 'INSERT INTO floor.case_file (case_id, version, filed_at) VALUES ($1, 0, now())';
      await db.query({ name: 'floor-case', text, values: [caseId] });
      const timeouts = defaults ? {} : ({ workflowTaskTimeout: '2 seconds' } as const);
      await temporal.workflow.start(naive ? 'FLOOR_NAIVE' : 'FLOOR', {
        workflowId: caseId,
        taskQueue,
        args: [caseId, decisionsPerCase],
        ...timeouts,
      });
      return caseId;
    },
    async decide(caseId, nth) {
      const decision: FloorDecision = { nth, key: randomUUID(), userId: 's-town1.clerk', decision: 'APPROVE' };
      const handle = temporal.workflow.getHandle(caseId);
      // A machine that is too busy misses workflow tasks, and the engine refuses updates meanwhile: asked again, as ours is, and the time counts.
      for (;;) {
        try {
          await handle.executeUpdate('decide', { updateId: decision.key, args: [decision] });
          return;
        } catch (problem) {
          if (!isOutage(problem)) throw problem;
          await sleep(PAUSE_MS);
        }
      }
    },
  };
}

/**
 * The same work recorded first: the caller's process writes the decision and answers, the procedure is told by a signal nobody waits
 * for. What that gains and costs stands in docs/decisions/0022.
 */
export function recordedFirst(bench: Bench, options: FloorOptions): Side {
  const { db, temporal } = bench;
  const side = floor(bench, options);
  const activities = createFloorActivities(db);
  return {
    ...side,
    name: 'raw SDK, recorded first',
    async decide(caseId, nth) {
      const decision: FloorDecision = { nth, key: randomUUID(), userId: 's-town1.clerk', decision: 'APPROVE' };
      await activities.write(caseId, nth + 1, decision);
      // In the product a signal that is lost would be made up for by the comparison of store and engine.
      const told = temporal.workflow.getHandle(caseId).signal('decided', nth + 1);
      told.catch(() => undefined);
    },
  };
}

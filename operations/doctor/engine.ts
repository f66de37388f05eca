import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import { askWorker } from '../../api/health.ts';
import type { Config } from '../../config.ts';
import { DUTY_LIMITS } from '../../domain/duties.ts';
import { scheduleIdOf } from '../../engine/duty-schedules.ts';
import { logHeadsId } from '../../engine/log-heads.ts';
import { isNotFound } from '../../engine/not-found.ts';
import { ok, reasonOf, warn, wrong, type Finding } from './finding.ts';

const DAY_SECONDS = 86_400;
/** `verify` compares the log with what the engine keeps; less than a month of it is little. */
const LEAST_RETENTION_DAYS = 30;

/** The first thing asked of the engine; without an answer nothing else of it is. */
export async function checkEngine(temporal: Client): Promise<Finding> {
  const about = '流程引擎 Temporal';
  try {
    const { serverVersion } = await temporal.workflowService.getClusterInfo({});
    return ok(about, serverVersion);
  } catch (problem) {
    const reason = reasonOf(problem);
    return wrong(
      about,
      `TEMPORAL_ADDRESS 所指引擎没有应答(${reason}):请启动它或更正地址`,
      `the engine of TEMPORAL_ADDRESS does not answer (${reason}): start it or correct the address`,
    );
  }
}

/** Undefined findings follow only when the namespace is there. */
export async function checkNamespace(temporal: Client): Promise<Finding> {
  const about = '命名空间 namespace';
  const { namespace } = temporal.options;
  try {
    const { config, namespaceInfo } = await temporal.workflowService.describeNamespace({ namespace });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
    if (namespaceInfo?.capabilities?.syncUpdate === false)
      return wrong(
        about,
        `命名空间 ${namespace} 不接受 update:请在引擎的动态配置中打开 frontend.enableUpdateWorkflowExecution`,
        `the namespace ${namespace} takes no updates: switch frontend.enableUpdateWorkflowExecution on in the engine's dynamic configuration`,
      );
    if (days >= LEAST_RETENTION_DAYS) return ok(about, `${namespace}, kept ${days} days`);
    return warn(
      about,
      `命名空间 ${namespace} 只保留已结束流程 ${days} 天:请改为 ${LEAST_RETENTION_DAYS} 天以上,以便核验`,
      `the namespace ${namespace} keeps what has ended for ${days} days only: make it ${LEAST_RETENTION_DAYS} or more, so that verify can compare`,
    );
  } catch (problem) {
    if (!isNotFound(problem)) throw problem;
    return wrong(
      about,
      `引擎中没有命名空间 ${namespace}:请建立它,或更正 TEMPORAL_NAMESPACE`,
      `the engine has no namespace ${namespace}: register it, or correct TEMPORAL_NAMESPACE`,
    );
  }
}

export async function checkPollers(temporal: Client, { temporalTaskQueue: queue }: Config): Promise<Finding> {
  const about = 'worker';
  if ((await askWorker(temporal, queue)) === undefined) return ok(about, `asks for work on ${queue}`);
  return wrong(
    about,
    `没有 worker 在任务队列 ${queue} 上取任务:请启动 worker,并核对其 TEMPORAL_TASK_QUEUE`,
    `no worker asks for work on the task queue ${queue}: start one, and compare its TEMPORAL_TASK_QUEUE`,
  );
}

/** Schedules are made by workers; one that somebody has paused stays so. */
export async function checkSchedules(temporal: Client): Promise<Finding[]> {
  const about = '定时任务 schedules';
  const ids = ['digest-daily', 'outbox-send', ...DUTY_LIMITS.map(scheduleIdOf)];
  const missing: string[] = [];
  const paused: string[] = [];
  for (const id of ids) {
    try {
      const { state } = await temporal.schedule.getHandle(id).describe();
      if (state.paused) paused.push(id);
    } catch (problem) {
      if (!(problem instanceof ScheduleNotFoundError)) throw problem;
      missing.push(id);
    }
  }
  const findings: Finding[] = [];
  if (missing.length > 0)
    findings.push(
      wrong(
        about,
        `缺少 ${missing.join('、')}:worker 启动时建立,请查看其日志`,
        `${missing.join(', ')} missing: a worker makes them when it starts, see its log`,
      ),
    );
  if (paused.length > 0)
    findings.push(
      warn(
        about,
        `${paused.join('、')} 已暂停:如非有意,请在引擎中恢复`,
        `${paused.join(', ')} paused: unless that is meant, unpause in the engine`,
      ),
    );
  return findings.length > 0 ? findings : [ok(about, `${ids.length}, none paused`)];
}

/** The procedure that has the log sealed. */
export async function checkNotary(temporal: Client): Promise<Finding> {
  const about = '封存流程 notary';
  const status = await temporal.workflow
    .getHandle(logHeadsId())
    .describe()
    .then(({ status: { name } }) => name)
    .catch((problem: Error) => problem.name);
  if (status === 'RUNNING') return ok(about, 'running');
  return wrong(
    about,
    `封存日志的流程没有运行(${status}):worker 启动时启动它,请查看其日志`,
    `the procedure that has the log sealed does not run (${status}): a worker starts it, see its log`,
  );
}

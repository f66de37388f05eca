/**
 * Every figure of our own, once: what it is called, what its labels are, where it is counted. Made into meters by `meters.ts`, into
 * docs/operations/metrics.md by `npm run docs`, and held against dashboard and alert rules by test/telemetry/rules.test.ts. Labels
 * come from closed lists (processes, stages, codes, route patterns); a case, a person or an office is none.
 */
export interface Metric {
  type: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  /**
   * `api`, `worker`, `both`: counted in the memory of the process, from zero when it starts. `store`: counted in the store, the same
   * from every worker, and no crash loses any of it.
   */
  where: 'api' | 'worker' | 'both' | 'store';
  zh: string;
  en: string;
  /** upper bounds of a histogram, in the unit of its name */
  buckets?: readonly number[];
}

export const METRICS = {
  jingban_http_request_duration_seconds: {
    type: 'histogram',
    labels: ['method', 'route', 'status'],
    where: 'api',
    zh: '接口应答用时;route 为路由模式,status 为状态码大类',
    en: 'how long requests took; route is the pattern, status the class of the answer (2xx, 4xx …)',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  },
  jingban_refusals_total: {
    type: 'counter',
    labels: ['code'],
    where: 'api',
    zh: '不予办理的次数,按代码(docs/refusals.md);INTERNAL 为程序错误',
    en: 'what was refused, by code (docs/refusals.md); INTERNAL is a bug',
  },
  jingban_turn_duration_seconds: {
    type: 'histogram',
    labels: ['outcome'],
    where: 'worker',
    zh: '写入一步的用时;outcome:written、refused、superseded、failed(将重试)',
    en: 'how long a turn took to be written; outcome: written, refused, superseded, failed (will be tried again)',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  jingban_effect_lateness_seconds: {
    type: 'histogram',
    labels: ['kind'],
    where: 'worker',
    zh: '时限动作(提醒、超期、升级)记录时比应发生时刻晚多少秒',
    en: 'by how many seconds effects of the clock (reminder, limit passed, escalation) were recorded after their moment',
    buckets: [1, 5, 15, 60, 300, 900, 3600, 86400],
  },
  jingban_db_pool_connections: {
    type: 'gauge',
    labels: ['state'],
    where: 'both',
    zh: '数据库连接数;state:busy、idle、most(上限)',
    en: 'database connections of the process; state: busy, idle, most (the limit)',
  },
  jingban_db_pool_waiting: {
    type: 'gauge',
    labels: [],
    where: 'both',
    zh: '等待数据库连接的请求数',
    en: 'how many wait for a database connection',
  },
  jingban_store_up: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '数据库统计是否成功(1/0);为 0 时下列指标缺失,不给旧值',
    en: 'whether the store could be counted (1 or 0); at 0 the figures below are missing, old ones are not repeated',
  },
  jingban_store_count_timestamp_seconds: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '下列指标的统计时刻',
    en: 'when the figures below were counted',
  },
  jingban_store_count_duration_seconds: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '统计用时',
    en: 'how long that count took',
  },
  jingban_cases_open: {
    type: 'gauge',
    labels: ['process', 'stage', 'status'],
    where: 'store',
    zh: '在办件数',
    en: 'cases that go on',
  },
  jingban_cases_overdue: {
    type: 'gauge',
    labels: ['process', 'clock'],
    where: 'store',
    zh: '在办且已超期的件数;clock:STAGE 环节时限、TOTAL 总时限',
    en: 'open cases past their due day; clock: STAGE or TOTAL',
  },
  jingban_cases_stuck: {
    type: 'gauge',
    labels: ['process'],
    where: 'store',
    zh: '滞留件数(督办清单)',
    en: 'cases on the stuck list',
  },
  jingban_cases_not_started: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '已收件一分钟以上而流程未启动的件数',
    en: 'cases accepted over a minute ago whose procedure has not been started',
  },
  jingban_effects_late: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '时限动作已到时刻六十秒以上而未发生的在办件数',
    en: 'open cases whose next effect of the clock should have happened over a minute ago',
  },
  jingban_effects_late_age_seconds: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '其中最久者晚了多少秒;没有时为 0',
    en: 'how late the latest of them is; 0 when there is none',
  },
  jingban_duties_overdue: {
    type: 'gauge',
    labels: ['limit'],
    where: 'store',
    zh: '定期事项已过期未完成的项数,按时限编号',
    en: 'recurring duties past their day and not done, by limit',
  },
  jingban_outbox_messages: {
    type: 'gauge',
    labels: ['state'],
    where: 'store',
    zh: '尚未发出的通知数;state:PENDING、SENDING',
    en: 'messages not yet sent; state: PENDING or SENDING',
  },
  jingban_outbox_age_seconds: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '最早一条未发出通知的等待秒数;没有时为 0',
    en: 'how long the oldest message not yet sent has waited; 0 when there is none',
  },
  jingban_log_head_age_seconds: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '最近一次日志封条距今秒数;没有新日志时不再封存,故须与下一项合看',
    en: 'how old the newest head of the log is; nothing new is not sealed, so read it with the next one',
  },
  jingban_log_unsealed: {
    type: 'gauge',
    labels: [],
    where: 'store',
    zh: '尚未封存的案件日志条数(以编号计)',
    en: 'numbers of the case log given out since the newest head',
  },
  jingban_case_events_total: {
    type: 'counter',
    labels: ['process', 'kind'],
    where: 'store',
    zh: '案件日志条数:收件、决定、提醒、超期、升级等',
    en: 'events of cases: filed, decided, reminded, limit passed, escalated …',
  },
  jingban_decisions_total: {
    type: 'counter',
    labels: ['process', 'stage', 'step', 'decision'],
    where: 'store',
    zh: '决定数',
    en: 'decisions',
  },
  jingban_deadlines_total: {
    type: 'counter',
    labels: ['process', 'limit', 'clock', 'outcome'],
    where: 'store',
    zh: '办结的时限:met 按期、missed 逾期,按时限编号',
    en: 'limits that were finished: met or missed, by limit',
  },
  jingban_stage_lateness_days: {
    type: 'histogram',
    labels: ['limit'],
    where: 'store',
    zh: '环节办结时逾期天数(按该时限的日历)',
    en: 'days late of finished stages, in the kind of days the limit counts',
    buckets: [0, 1, 2, 5, 10, 20, 60],
  },
} as const satisfies Record<`jingban_${string}`, Metric>;

export type MetricName = keyof typeof METRICS;
type Named<W extends Metric['where'], T extends Metric['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name] extends { where: W; type: T } ? Name : never;
}[MetricName];
export type StoreGauge = Named<'store', 'gauge'>;
export type ProcessCounter = Named<'api' | 'worker' | 'both', 'counter'>;
export type ProcessHistogram = Named<'api' | 'worker' | 'both', 'histogram'>;

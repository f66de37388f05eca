import type { Text } from './case.ts';

/**
 * What can keep a case, or the work of the system itself, from going on although nobody has to decide anything. For the managers
 * it says what happens next, for the operators what it is, what to do, what to leave alone, and what a retry does. A closed list:
 * whoever adds a kind has to say all of it. The statutory clock goes on in every one of them.
 */
export interface IncidentKindInfo {
  title: Text;
  /** for those who wait: what happens now, without them */
  next: Text;
  why: Text;
  todo: readonly Text[];
  notToDo: readonly Text[];
  retry: Text;
}

export const INCIDENT_KINDS = {
  STEP_FAILING: {
    title: { zh: '系统步骤反复失败', en: 'a step of the system fails again and again' },
    next: {
      zh: '系统每隔至多半分钟自动再试；故障排除后自动继续，无须重新提交。',
      en: 'The system tries again by itself at least every half minute and goes on once the cause is gone; nothing has to be submitted again.',
    },
    why: {
      zh: '写入一次办理、计时事项、消息或定期事项的步骤连续三次以上失败。',
      en: 'The step that writes a decision, an effect of the clock, messages or duties has failed three times in a row or more.',
    },
    todo: [
      {
        zh: '按“最近的错误”检查：数据库是否可写、磁盘是否已满、是否有人改过表或触发器、密钥是否齐全。',
        en: 'Look where the last error points: is the database writable, the disk full, a table or trigger altered, a key missing?',
      },
      {
        zh: '在后台进程日志中按受理号查找详细错误。',
        en: 'Find the error in the log of the worker by the acceptance number.',
      },
    ],
    notToDo: [
      { zh: '不要手工改写业务表中的行。', en: 'Do not write rows of a case by hand.' },
      { zh: '不要终止流程。', en: 'Do not terminate the procedure.' },
    ],
    retry: {
      zh: '业务步骤由流程自行再试（至多半分钟后）；其他步骤立即再试。',
      en: 'A step of a case is tried again by its procedure within half a minute; any other is tried again at once.',
    },
  },
  PROCEDURE_FAILING: {
    title: { zh: '流程程序无法继续', en: 'the procedure cannot go on' },
    next: {
      zh: '系统自动再试（间隔至多十分钟）；程序修复后由运维人员恢复，已作出的办理不丢失。',
      en: 'The system tries again by itself, at most ten minutes apart; operators bring it back once the program is mended. No decision is lost.',
    },
    why: {
      zh: '流程任务反复失败：程序与已记录的经过不一致，或程序有错误。',
      en: 'The task of the procedure fails: the program does not fit what is recorded of this case, or has a bug.',
    },
    todo: [
      {
        zh: '核对后台进程的版本；与办理中业务不相容的版本应退回，或以 patched() 修正后重新部署。',
        en: 'Check which version the workers run; one that does not fit running cases goes back, or is mended with patched() and deployed.',
      },
      { zh: '部署后再点重试。', en: 'Then retry.' },
    ],
    notToDo: [
      {
        zh: '不要终止或从头重置该流程。',
        en: 'Do not terminate the procedure or reset it to its beginning.',
      },
    ],
    retry: {
      zh: '从失败的任务之前恢复并立即再试；失败之前记录的内容全部保留。',
      en: 'Takes the procedure up again at the failed task, at once; everything recorded before it stays.',
    },
  },
  PAYLOAD_UNREADABLE: {
    title: { zh: '加密数据无法解开', en: 'sealed data cannot be opened' },
    next: {
      zh: '该业务等待密钥恢复；其他业务不受影响，恢复后自动继续。',
      en: 'The case waits for the key; no other case is touched, and it goes on once the key is back.',
    },
    why: {
      zh: '流程记录中的数据所用密钥不在密钥表中，或数据已损坏。',
      en: 'The key of data in the record of the procedure is not in the table of keys, or the data are damaged.',
    },
    todo: [
      {
        zh: '按“详情”中的密钥编号核对 data_key 表与 FIELD_KEYS：从备份补回缺失的密钥。',
        en: 'Compare data_key and FIELD_KEYS with the number of the key: put the missing one back from the backup.',
      },
    ],
    notToDo: [
      {
        zh: '不要删除或更换仍在使用的密钥；密钥丢失则数据无法恢复。',
        en: 'Do not remove or exchange a key in use; what was sealed with a lost key is lost.',
      },
    ],
    retry: {
      zh: '从失败的任务之前恢复并立即再试。',
      en: 'Takes the procedure up again at the failed task, at once.',
    },
  },
  WORKER_MISSING: {
    title: { zh: '没有后台进程在工作', en: 'no worker is at work' },
    next: {
      zh: '后台进程启动后自动继续；期间仍可查询，办理会提示稍后重试。',
      en: 'Goes on when a worker starts; reading works meanwhile, deciding answers "try again later".',
    },
    why: {
      zh: '没有任何后台进程从任务队列领取任务：全部停止、崩溃，或队列名称不一致。',
      en: 'No worker asks the task queue for work: all have stopped or crashed, or have another queue in their settings.',
    },
    todo: [
      {
        zh: '启动后台进程（production 至少两个），核对 TEMPORAL_TASK_QUEUE、TEMPORAL_NAMESPACE。',
        en: 'Start workers (two at least in production); compare TEMPORAL_TASK_QUEUE and TEMPORAL_NAMESPACE.',
      },
    ],
    notToDo: [{ zh: '不要改用新的队列名称。', en: 'Do not change to a new queue.' }],
    retry: { zh: '再次查看是否有后台进程。', en: 'Looks again whether there is a worker.' },
  },
  DECISION_WAITING: {
    title: { zh: '提交的办理没有得到答复', en: 'a decision got no answer' },
    next: {
      zh: '请用同一编号（Idempotency-Key）重新提交，不会重复办理；期间环节保持不变。',
      en: 'Submit it again with the same key, nothing is done twice; the stage stays as it is meanwhile.',
    },
    why: {
      zh: '流程在限定时间内没有答复一次办理，原因可能是后台进程缺失、过忙或刚刚崩溃。',
      en: 'The procedure did not answer a decision in time: a worker is missing, overloaded or has just died.',
    },
    todo: [
      {
        zh: '查看是否另有“没有后台进程”等故障；查看后台进程的负荷。',
        en: 'See whether a worker is missing; look at the load of the workers.',
      },
    ],
    notToDo: [{ zh: '不要代替经办人另行提交。', en: 'Do not submit in the place of the person who decided.' }],
    retry: {
      zh: '要求流程立即核对；能答复即恢复。',
      en: 'Asks the procedure to look at once; it is over when it answers.',
    },
  },
  NOT_STARTED: {
    title: { zh: '已受理，流程未启动', en: 'filed, but its procedure was not started' },
    next: { zh: '系统每分钟自动补启动。', en: 'The system starts it by itself within a minute.' },
    why: {
      zh: '受理写入后、流程启动前进程中断，或流程引擎不可用。',
      en: 'A process died between filing and starting, or the engine was away.',
    },
    todo: [{ zh: '查看流程引擎与后台进程是否正常。', en: 'See that engine and workers are well.' }],
    notToDo: [{ zh: '不要重新受理同一业务。', en: 'Do not file the same case again.' }],
    retry: { zh: '立即启动流程。', en: 'Starts the procedure at once.' },
  },
  PROCEDURE_LOST: {
    title: { zh: '业务在办，流程却不在运行', en: 'the case is open, its procedure is gone' },
    next: {
      zh: '运维人员恢复流程后继续；已作出的办理都在数据库中。',
      en: 'Goes on when operators have brought the procedure back; every decision is in the store.',
    },
    why: {
      zh: '流程被终止、超出记录上限，或流程引擎恢复到较早的备份。',
      en: 'It was terminated, its record grew past the limit, or the engine was restored from an older backup.',
    },
    todo: [
      { zh: '先查明是谁或什么终止了流程。', en: 'Find out who or what ended it first.' },
      { zh: '再点重试。', en: 'Then retry.' },
    ],
    notToDo: [{ zh: '不要手工把业务改为办结。', en: 'Do not close the case by hand.' }],
    retry: {
      zh: '从最后记录的任务恢复流程；记录已满或引擎中已无记录的，从头开始并按数据库中的经过走到现在。',
      en: 'Takes the procedure up again at the last recorded task; one whose record is full, or that the engine knows nothing of, begins anew and walks through what the store holds.',
    },
  },
  CLOCK_LATE: {
    title: { zh: '到点的时限事项没有执行', en: 'what the clock should have done is late' },
    next: {
      zh: '逾期按日期计算，不受影响；提醒与升级补发一次。',
      en: 'Overdue is counted from the day and right all the same; reminder and escalation follow, once.',
    },
    why: {
      zh: '提醒、到期或升级到点十分钟后仍未写入：后台进程缺失、流程无法继续或计时器丢失。',
      en: 'A reminder, due day or escalation was not written ten minutes after its time: no worker, a procedure that cannot go on, or a lost timer.',
    },
    todo: [
      { zh: '先处理同一业务或系统的其他故障。', en: 'Mend the other incidents of this case, or of the system, first.' },
    ],
    notToDo: [{ zh: '不要手工补写提醒。', en: 'Do not write the reminder by hand.' }],
    retry: { zh: '要求流程立即重新计算。', en: 'Asks the procedure to count again at once.' },
  },
  MESSAGES_FAILING: {
    title: { zh: '消息发送失败', en: 'messages cannot be sent' },
    next: {
      zh: '系统按间隔自动再发；未能确认的不重发，以免重复。',
      en: 'The system sends again by itself; one that may have been sent is not repeated.',
    },
    why: {
      zh: '邮件服务器或接收方不可达、拒收或没有确认。',
      en: 'The mail server or receiver cannot be reached, refuses, or did not confirm.',
    },
    todo: [
      {
        zh: '核对通知渠道的设置与对方状态；“发出的消息”中有每条的原因。',
        en: 'Check the settings of the channel and the other side; the list of messages has the reason of each.',
      },
    ],
    notToDo: [{ zh: '不要重发状态为“不确定”的消息。', en: 'Do not repeat a message that is uncertain.' }],
    retry: { zh: '立即发送待发的消息。', en: 'Sends what is due at once.' },
  },
  ENGINE_AWAY: {
    title: { zh: '流程引擎连接不上', en: 'the engine cannot be reached' },
    next: {
      zh: '恢复后自动继续；期间仍可查询，受理和办理会提示稍后重试。',
      en: 'Goes on when it is back; reading works meanwhile, filing and deciding answer "try again later".',
    },
    why: {
      zh: 'Temporal 未运行、网络不通或命名空间有误。',
      en: 'Temporal is down, the network is cut, or the namespace is wrong.',
    },
    todo: [
      {
        zh: '核对 TEMPORAL_ADDRESS、TEMPORAL_NAMESPACE 与引擎日志。',
        en: 'Check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the log of the engine.',
      },
    ],
    notToDo: [{ zh: '不要换成空的引擎。', en: 'Do not put an empty engine in its place.' }],
    retry: { zh: '再次连接。', en: 'Tries to reach it again.' },
  },
} as const satisfies Record<string, IncidentKindInfo>;
export type IncidentKind = keyof typeof INCIDENT_KINDS;
export const EVERY_INCIDENT_KIND = Object.keys(INCIDENT_KINDS) as IncidentKind[];

/** The last error, in plain words. What a program said itself stands in the log only: it may quote a person. */
export const INCIDENT_ERRORS = {
  STORE_UNREACHABLE: { zh: '数据库连接不上', en: 'the database cannot be reached' },
  STORE_BUSY: { zh: '数据库过忙或被锁住', en: 'the database is busy or locked' },
  STORE_FULL: { zh: '磁盘或数据库空间已满', en: 'the disk or the database is full' },
  STORE_REFUSES: { zh: '数据库拒绝写入', en: 'the database refuses what is written' },
  FIELD_UNREADABLE: { zh: '加密字段或数据无法解开', en: 'a sealed field or record cannot be opened' },
  KEY_UNKNOWN: { zh: '密钥不存在', en: 'the key is unknown' },
  OUTSIDE_UNREACHABLE: { zh: '外部服务连接不上', en: 'a service outside cannot be reached' },
  OUTSIDE_REFUSES: { zh: '外部服务拒绝接收', en: 'a service outside refuses' },
  TIMED_OUT: { zh: '在规定时间内没有完成', en: 'it did not finish in time' },
  PROGRAM_CHANGED: {
    zh: '新版程序与该业务已记录的经过不一致',
    en: 'the program does not fit what is recorded of this case',
  },
  PROGRAM_ERROR: { zh: '程序错误', en: 'a bug in the program' },
  NO_WORKER: { zh: '没有后台进程领取任务', en: 'no worker asks for work' },
  NOT_ANSWERED: { zh: '流程没有在规定时间内答复', en: 'the procedure did not answer in time' },
  NOT_RUNNING: { zh: '流程已被终止或失败', en: 'the procedure was terminated or failed' },
  UNKNOWN_TO_ENGINE: { zh: '流程引擎中没有该流程', en: 'the engine knows no such procedure' },
  ENGINE_UNREACHABLE: { zh: '流程引擎连接不上', en: 'the engine cannot be reached' },
} as const satisfies Record<string, Text>;
export type IncidentError = keyof typeof INCIDENT_ERRORS;
export const EVERY_INCIDENT_ERROR = Object.keys(INCIDENT_ERRORS) as IncidentError[];

/** What came of a retry. */
export const RETRY_OUTCOMES = {
  RESUMED: { zh: '已恢复并立即再试', en: 'taken up again and tried at once' },
  ASKED: { zh: '已要求流程立即核对', en: 'the procedure was asked to look at once' },
  STARTED: { zh: '已启动流程', en: 'the procedure was started' },
  BY_ITSELF: { zh: '由流程自行再试，至多半分钟', en: 'its procedure tries again by itself within half a minute' },
  LOOKED: { zh: '已再次查看', en: 'looked again' },
} as const satisfies Record<string, Text>;
export type RetryOutcome = keyof typeof RETRY_OUTCOMES;

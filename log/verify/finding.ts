import type { Text } from '../../domain/case.ts';

/** Who says what happened: the rows themselves, their chain, the engine's histories, the heads in store, file and engine. */
export const WITNESSES = {
  ROWS: { zh: '业务表', en: 'rows' },
  CHAIN: { zh: '哈希链', en: 'chain' },
  ENGINE: { zh: '流程引擎', en: 'engine' },
  HEAD: { zh: '日志封条', en: 'head' },
  FILE: { zh: '库外见证文件', en: 'witness file' },
  KEY: { zh: '签名', en: 'signature' },
} as const satisfies Record<string, Text>;
export type Witness = keyof typeof WITNESSES;

export const FINDINGS = {
  EVENT_ALTERED: { zh: '日志行被改动', en: 'a log row was altered' },
  CHAIN_BROKEN: { zh: '日志行缺失、多出或次序被换', en: 'log rows are missing, added or in another order' },
  TURN_ALTERED: { zh: '该次办理的记录被改动', en: 'what a turn wrote was altered' },
  TURN_MISSING: { zh: '办理记录与日志不配对', en: 'turns and events do not match' },
  LOG_DIFFERS: { zh: '日志与流程引擎所记不同', en: 'the log is not the one the engine knows' },
  STORE_BEHIND: { zh: '数据库缺少引擎已记录的办理', en: 'the store lacks what the engine has recorded' },
  ENGINE_BEHIND: { zh: '引擎缺少数据库已有的办理', en: 'the engine lacks what the store has' },
  NO_PROCEDURE: { zh: '引擎没有该案件的流程', en: 'the engine has no procedure of it' },
  UNREADABLE: { zh: '流程引擎所记无法解密', en: 'what the engine holds cannot be opened' },
  CASE_GONE: { zh: '引擎有流程而数据库没有案件', en: 'the engine has a procedure, the store no case' },
  ROW_DIFFERS: { zh: '业务表与日志不一致', en: 'a row says other than the log' },
  HEAD_ALTERED: { zh: '封条被改动', en: 'a head was altered' },
  HEAD_MISSING: { zh: '封条缺失', en: 'a head is missing' },
  HEAD_UNSIGNED: { zh: '封条签名不成立', en: 'a head is not signed by a known key' },
  HEAD_DIFFERS: { zh: '封条与另一处所存不同', en: 'a head is not the one kept elsewhere' },
  SEALED_ROWS_DIFFER: { zh: '封存之后行被改动', en: 'rows were altered after they were sealed' },
  SEALED_ROW_MISSING: { zh: '封存之后行被删除', en: 'a row was removed after it was sealed' },
  ROW_SLIPPED_IN: { zh: '封存之后插入的行', en: 'a row was slipped in among sealed ones' },
  FILE_BROKEN: { zh: '见证文件有损坏的行', en: 'the witness file has a line that is no head' },
} as const satisfies Record<string, Text>;
export type FindingKind = keyof typeof FINDINGS;

export interface Finding {
  /** a case number, a duty, an access or a head */
  about: string;
  kind: FindingKind;
  /** which witness disagrees with which */
  between: readonly [Witness, Witness];
  /** what exactly; holds no personal data */
  detail: string;
}

/** One line in both languages. */
export function sentence({ about, kind, between: [a, b], detail }: Finding): string {
  const { zh, en } = FINDINGS[kind];
  const [one, other] = [WITNESSES[a], WITNESSES[b]];
  return `${about}  ${kind}  ${zh}(${one.zh}≠${other.zh})/ ${en} (${one.en} ≠ ${other.en}): ${detail}`;
}

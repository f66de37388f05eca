import type { Text } from '../domain/case.ts';

/** What was held against what, in the words of whoever reads the result. */
export const SUBJECTS = {
  SIGNATURE: { zh: '签名', en: 'signature' },
  CHAIN: { zh: '日志链', en: 'chain of the log' },
  TURNS: { zh: '每次办理的内容', en: 'contents of the turns' },
  HEADS: { zh: '全局链首', en: 'heads of the whole log' },
  OPENINGS: { zh: '公开的内容', en: 'disclosed values' },
  DATES: { zh: '到期日', en: 'due days' },
  LATENESS: { zh: '超期天数', en: 'days late' },
  EFFECTS: { zh: '提醒与超期登记', en: 'effects of the clock' },
  AMOUNTS: { zh: '金额', en: 'amounts' },
  DECISIONS: { zh: '办理步骤与权限', en: 'decisions and who took them' },
  STAGES: { zh: '环节登记', en: 'register of stages' },
} as const satisfies Record<string, Text>;
export type Subject = keyof typeof SUBJECTS;

export interface Check {
  subject: Subject;
  /** what exactly: 'turn 4', 'S0 Art. 15 DL-09' */
  of: string;
  /** missing when it agrees */
  wrong?: Text;
}

/** Collects results; every comparison counts, whether or not it agrees. */
export interface Findings {
  readonly all: readonly Check[];
  /** `wrong` is asked for only when it does not hold */
  hold(subject: Subject, of: string, holds: boolean, wrong: () => Text): boolean;
}

export function openFindings(): Findings {
  const all: Check[] = [];
  return {
    all,
    hold(subject, of, holds, wrong) {
      all.push(holds ? { subject, of } : { subject, of, wrong: wrong() });
      return holds;
    },
  };
}

/** 'recorded …, counted …' in both languages. */
export const differs = (recorded: unknown, counted: unknown): Text => ({
  zh: `记录为 ${show(recorded)}，复算为 ${show(counted)}`,
  en: `recorded ${show(recorded)}, worked out ${show(counted)}`,
});

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

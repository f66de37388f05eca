/**
 * Something a person can put right before the next start: a taken port, a missing tool, a full disk.
 * Carries one sentence in Chinese and one in English; the launcher prints both and exits with a code other than 0.
 */
export class StartProblem extends Error {
  readonly zh: string;
  readonly en: string;

  constructor(zh: string, en: string) {
    super(`${zh} / ${en}`);
    this.name = 'StartProblem';
    this.zh = zh;
    this.en = en;
  }
}

/** The heads of the log as the engine keeps them: the second witness of everything that is no case. */

/** One head: its number, its hash, how far the log went. */
export interface HeadMark {
  number: number;
  hash: string;
  toNo: number;
  count: number;
  /** ISO instant */
  at: string;
}

export interface HeadActivities {
  /** Seals what was written since the last head; answers every head with a number greater than `after`, in order. */
  writeHead(after: number): Promise<HeadMark[]>;
}

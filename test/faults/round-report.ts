/** What a round was, and what it left. */
export interface RoundReport {
  seed: string;
  /** What struck, when, and what it did; `late` where the job was past the moment. */
  strikes: { kind: string; step: string; did: string; late: boolean }[];
  seconds: number;
  /** Of replays: records in aborted transactions of the replay topic, and splits that were decoded again. */
  aborted?: number;
  splitsDecodedAgain?: number;
  /** Windows that went through staging, as the job's last run has counted them. */
  staged?: number;
  /** Of archives. */
  archive?: {
    /** How each run under attack ended. */
    runs: string[];
    records: number;
    files: number;
    lost: number;
    executions: number;
    /** Whether what was archived was replayed as well, and how many records that were. */
    replayed?: number;
    /** Whether Java read it as well, and how many files that were. */
    readByJava?: number;
  };
  /** Of jobs of ranges; `again`: how often a function was called for a range that had been begun before. */
  ranges?: { ranges: number; records: number; again?: number };
  /** Of archives and their restores: what was archived, how its runs ended, and how many records came back. */
  restore?: { of: string; runs: string[]; records: number };
  /** What is wrong; empty where everything is exact. */
  faults: string[];
}

import { NO_TIME } from './record-time.ts';
import type { TimeFault } from './values/json-time.ts';

/** Names of what is counted of records in files: whose own time is not believed, or that have none at all; */
export const WILD_TIME = 'wild time';
/** whose time is there, and can't be read; */
export const UNREADABLE_TIME = 'unreadable time';
/** and that lack the field that the job names. */
export const MISSING_TIME = 'missing time';

export function isOfTimes(name: string): boolean {
  return name === WILD_TIME || name === UNREADABLE_TIME || name === MISSING_TIME;
}

/** Counts records of one range whose bucket is not by a time of their own that is believed. */
export class TimeCounts {
  readonly #horizon: number;
  #wild = 0;
  #unreadable = 0;
  #missing = 0;

  constructor({ horizon }: { horizon: number }) {
    this.#horizon = horizon;
  }

  /** @param used - the time by which the record has its bucket */
  add({ time: own, timeFault }: { time: number; timeFault?: TimeFault | undefined }, used: number): void {
    if (own < 0 || own > this.#horizon || used === NO_TIME) this.#wild += 1;
    if (own === own || timeFault === undefined) return;
    if (timeFault === 'unreadable') this.#unreadable += 1;
    else this.#missing += 1;
  }

  get list(): [name: string, records: number][] {
    return [
      [WILD_TIME, this.#wild],
      [UNREADABLE_TIME, this.#unreadable],
      [MISSING_TIME, this.#missing],
    ];
  }
}

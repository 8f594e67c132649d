import type { Split } from './manifest.ts';

/** Bytes of input of a split: of its files, or of its part of one that is cut. */
export function splitBytes({ files, range }: Pick<Split, 'files' | 'range'>): number {
  return range === undefined ? files.reduce((sum, { length }) => sum + length, 0) : range.end - range.start;
}

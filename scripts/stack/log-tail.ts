import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const MOST_READ = 256 * 1024;
const MOST_ERRORS = 8;
const ERROR_LINE = /\b(ERROR|FATAL|Error|Exception|Caused by)\b|Exception:/;

/**
 * What a log says about an end, for an error message: its first lines that speak of an error (what follows them is often
 * only the tidying up), and its last lines. Reads 256 KiB at most.
 * @param from byte position where the run in question began to write
 */
export function logTail(file: string, from = 0, lines = 15): string {
  if (!existsSync(file)) return '(no log was written)';
  const all = readEnd(file, from).trimEnd().split('\n');
  if (all.length === 1 && all[0] === '') return '(the log is empty)';
  const tail = all.slice(-lines);
  const errors = all.slice(0, -lines).filter((line) => ERROR_LINE.test(line));
  if (errors.length === 0) return tail.join('\n');
  return [...errors.slice(0, MOST_ERRORS), '...', ...tail].join('\n');
}

function readEnd(file: string, from: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(from, size - MOST_READ);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, start));
  } finally {
    closeSync(descriptor);
  }
}

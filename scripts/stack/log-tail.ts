import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const LONGEST_TAIL = 16 * 1024;

/** The last lines of a log file, for an error message. Reads 16 KiB at most. */
export function logTail(file: string, lines = 30): string {
  if (!existsSync(file)) return '(no log was written)';
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const length = Math.min(size, LONGEST_TAIL);
    const bytes = Buffer.alloc(length);
    const read = readSync(descriptor, bytes, 0, length, size - length);
    const text = bytes.toString('utf8', 0, read).trimEnd();
    return text === '' ? '(the log is empty)' : text.split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(descriptor);
  }
}

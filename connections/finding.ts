import { ConnectionError } from './connection-error.ts';

/** What an examination found about a server: a fact, or what is wrong and what to do. */
export interface Finding {
  /** What was looked at. */
  about: 'reached' | 'version' | 'clock' | 'rights' | 'space' | 'search attributes' | 'schedules' | 'task queue';
  /** `untold`: the server doesn't say, and no fault is known. A `warning` need not stop a job. */
  verdict: 'fine' | 'untold' | 'warning' | 'fault';
  /** A sentence without its full stop. */
  says: string;
  /** Of a warning or a fault: what to do, the same way. */
  remedy?: string;
}

/** Takes one finding after the other, so that what was found counts even where the rest hangs. */
export type Tell = (finding: Finding) => void;

/**
 * The fault that a failed question stands for. Messages of connections say what is wrong and, after the last semicolon,
 * what to do. Anything but a `ConnectionError` is thrown on.
 */
export function faultOf(about: Finding['about'], error: unknown): Finding {
  if (!(error instanceof ConnectionError)) throw error;
  const text = error.message.replace(/ \[[^\]]*\]$/, '');
  const cut = text.lastIndexOf('; ');
  if (cut < 0) return { about, verdict: 'fault', says: text, remedy: 'look at the server and at the network to it' };
  return { about, verdict: 'fault', says: text.slice(0, cut), remedy: text.slice(cut + 2) };
}

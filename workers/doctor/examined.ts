import type { Finding, Tell } from '../../connections/finding.ts';

/** One server, or several that stand for one another, and what was found of it. */
export interface Examined {
  kind: 'temporal' | 'hdfs' | 'kafka' | 'zookeeper' | 'registry';
  /** Name of the connection in the worker's configuration; of Temporal the namespace. */
  name: string;
  /** Addresses, without credentials. */
  server: string;
  findings: Finding[];
}

/**
 * Lets an examination take so long, and says so of one that is not over then: what was found until then stays. Whatever
 * the servers do, this ends in time.
 *
 * @param limitMs - milliseconds
 * @param signal - ends it before, without a word
 */
export async function examinedWithin(
  limitMs: number,
  of: Omit<Examined, 'findings'>,
  examine: (tell: Tell, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<Examined> {
  const findings: Finding[] = [];
  const limit = new AbortController();
  const both = AbortSignal.any([limit.signal, signal]);
  const tell: Tell = (finding) => {
    if (!both.aborted) findings.push(finding);
  };
  const work = examine(tell, both).catch((error: unknown) => {
    if (!both.aborted) throw error;
  });
  let stop = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    signal.addEventListener('abort', () => resolve(), { once: true });
    stop = () => clearTimeout(timer);
  });
  const late = ended.then(() => true);
  if ((await Promise.race([work, late])) === true && !signal.aborted) {
    const rest = findings.length === 0 ? 'nothing' : 'not all';
    const says = `${rest} was answered within ${limitMs / 1000} s`;
    const remedy = 'look at the server, and at the network to it; rewind doctor --timeout gives it longer';
    findings.push({ about: 'reached', verdict: 'fault', says, remedy });
  }
  stop();
  limit.abort(new Error('the examination is over'));
  return { ...of, findings };
}

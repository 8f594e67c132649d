import { ConnectionError } from '../../connections/connection-error.ts';
import { JobError } from './job-error.ts';

/** How messages of connections name servers. */
const NAMED = /Kafka broker [^\s;]+:\d+|ZooKeeper [^\s;]+|https?:\/\/[^\s/;]+/;

/** What has to come before a step that failed with this error can go on. */
export function awaitedBy(error: unknown): string {
  if (error instanceof ConnectionError) {
    const { server } = error.facts;
    if (typeof server === 'string') return server;
    return NAMED.exec(error.message)?.[0] ?? 'a server';
  }
  return error instanceof JobError ? 'another worker' : 'a worker with a repaired version';
}

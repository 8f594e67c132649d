import type { ConnectionError } from '../../../connections/connection-error.ts';

/** Whether a login that is known lacks a right: that is the affair of one topic; a login that is wrong is so for all. */
export function isForbidden({ fault, facts }: ConnectionError): boolean {
  return fault === 'denied' && facts['status'] !== 401;
}

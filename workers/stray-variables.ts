import { SETTING_VARIABLES } from './config.ts';
import { CONNECTION_VARIABLES, HDFS_LOGIN_VARIABLES } from './connection-variables.ts';
import { TELEMETRY_VARIABLES } from './telemetry.ts';

const KNOWN = new Set<string>([
  'REWIND_CONFIG',
  'REWIND_DEBUG',
  ...Object.values(SETTING_VARIABLES),
  ...Object.values(CONNECTION_VARIABLES),
  ...HDFS_LOGIN_VARIABLES,
  ...TELEMETRY_VARIABLES,
]);
/** Those of the project's own scripts. */
const SCRIPTS = /^REWIND_(STACK|TEST|DEMO|BENCH|FAULTS)(_|$)/;

/** Variables that look like Rewind's and that nothing reads: a slip of the pen would be followed by a default. */
export function strayVariables(environment: Record<string, string | undefined>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('REWIND_') && !KNOWN.has(name) && !SCRIPTS.test(name))
    .toSorted();
}

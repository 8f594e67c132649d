import { isGrpcServiceError } from '@temporalio/client';
import type { Finding } from '../connections/finding.ts';
import type { WorkerConfig } from './config.ts';
import { complaints, doctorReport } from './doctor/doctor-report.ts';
import { examineConnections } from './doctor/examine-connections.ts';
import { examinedWithin } from './doctor/examined.ts';
import { examineTemporal } from './doctor/examine-temporal.ts';
import type { ConnectedTemporal } from './temporal-connection.ts';

const LIMIT_MS = 30_000;

/**
 * Examines once what a worker uses, as `rewind doctor` does, and tells what is wrong with it, while the worker serves
 * already: servers may come later, and a wrong address or a right that is missing should be seen before a job is.
 *
 * @param signal - aborted when the worker serves no more: nobody waits for answers then
 */
export async function lookAround(
  config: WorkerConfig,
  { connection, address, namespace }: ConnectedTemporal,
  { info, warn }: { info: (line: string) => void; warn: (line: string) => void },
  signal: AbortSignal,
): Promise<void> {
  const limits = { limitMs: LIMIT_MS, signal };
  // Who serves the task queues is no question now: this worker does, and the others may start with it.
  const questions = { namespace, taskQueues: new Map<string, boolean>() };
  const temporal = { kind: 'temporal', name: namespace, server: address } as const;
  const report = doctorReport(
    await Promise.all([
      examinedWithin(
        LIMIT_MS,
        temporal,
        (tell) => examineTemporal(connection, questions, tell).catch((error: unknown) => tell(refusal(error))),
        signal,
      ),
      examineConnections(config, undefined, limits),
    ]).then(([first, rest]) => [first, ...rest]),
  );
  if (signal.aborted) return;
  for (const line of complaints(report)) warn(line);
  const { examined, faults, warnings } = report;
  info(`${examined.length} connections examined: ${faults} faults, ${warnings} warnings (rewind doctor tells more)`);
}

/** What Temporal answers in the place of a finding: the other connections are told of all the same. */
function refusal(error: unknown): Finding {
  if (!isGrpcServiceError(error)) throw error;
  const remedy = 'look at the server, and at what TEMPORAL_API_KEY or the certificates may do';
  return { about: 'reached', verdict: 'fault', says: `Temporal refused: ${error.details}`, remedy };
}

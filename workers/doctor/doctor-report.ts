import type { Examined } from './examined.ts';

/** All that was examined. */
export interface DoctorReport {
  /** No fault was found; warnings need not stop a job. */
  healthy: boolean;
  faults: number;
  warnings: number;
  examined: Examined[];
}

export function doctorReport(examined: Examined[]): DoctorReport {
  const findings = examined.flatMap((each) => each.findings);
  const count = (verdict: string): number => findings.filter((each) => each.verdict === verdict).length;
  return { healthy: count('fault') === 0, faults: count('fault'), warnings: count('warning'), examined };
}

/** One line for each fault and warning, as a worker logs them: what is wrong, and what to do. */
export function complaints({ examined }: DoctorReport): string[] {
  return examined.flatMap(({ kind, name, findings }) =>
    findings
      .filter(({ verdict }) => verdict === 'fault' || verdict === 'warning')
      .map(
        ({ about, verdict, says, remedy }) =>
          `The connection ${kind}.${name}, ${verdict} (${about}): ${says}.${remedy === undefined ? '' : ` What to do: ${remedy}.`}`,
      ),
  );
}

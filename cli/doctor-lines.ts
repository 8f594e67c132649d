import type { DoctorReport } from '../workers/doctor/doctor-report.ts';
import { counted } from '../workflows/run/readable.ts';

const MARKS = { fine: 'ok', untold: '-', warning: 'WARNING', fault: 'FAULT' } as const;
const WIDTH = Math.max(...Object.values(MARKS).map((mark) => mark.length)) + 2;

/** What an examination found, for a person: a line for each fact, two for each fault and warning. */
export function doctorLines({ examined, faults, warnings, healthy }: DoctorReport): string[] {
  return [
    ...examined.flatMap(({ kind, name, server, findings }) => [
      `${kind}.${name}: ${server}`,
      ...findings.flatMap(({ about, verdict, says, remedy }) => [
        `  ${MARKS[verdict].padEnd(WIDTH)}${about}: ${says}`,
        ...(remedy === undefined ? [] : [`  ${''.padEnd(WIDTH)}${remedy}`]),
      ]),
      '',
    ]),
    `${healthy ? 'Ready' : 'NOT ready'}: ${counted(faults, 'fault')}, ${counted(warnings, 'warning')}`,
  ];
}

/**
 * Changes every byte of a small file of each format and codec in six ways, reads each as a job would, and prints a
 * table of what came of it. Fails where a reader crashes, hangs, takes too much memory, is silent, names no place, or
 * gives wrong records where the format has a checksum.
 *
 *     npm run test:mutation -- [--seed N] [--every BYTES] [--only NAME]
 */
import { parseArgs } from 'node:util';
import { judgeFile, type FileReport } from './judge-file.ts';
import { originals } from './original.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const PROCESSES = 2;

const names = (await originals()).map(({ name }) => name);
const queue = names.filter((name) => values.only === undefined || name === values.only).values();
const reports: FileReport[] = [];
const judgeNext = async (): Promise<void> => {
  for (const name of queue) {
    const report = await judgeFile(name, { seed: Number(values.seed), every: Number(values.every) });
    reports.push(report);
    console.error(`${name}: ${report.mutants} mutants, ${report.defects.length} defects`);
    for (const defect of report.defects.slice(0, 10)) console.error(`  ${defect}`);
  }
};
await Promise.all(Array.from({ length: PROCESSES }, judgeNext));

console.log('| file | mutants | errors | same records | other records | defects | peak MiB |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const { name, mutants, verdicts, defects, peakBytes } of reports.sort((a, b) => (a.name < b.name ? -1 : 1)))
  console.log(
    `| ${name} | ${mutants} | ${verdicts.error} | ${verdicts.same} | ${verdicts.changed} | ${defects.length} | ${Math.round(peakBytes / 1024 / 1024)} |`,
  );
const total = reports.reduce((sum, { mutants }) => sum + mutants, 0);
const defects = reports.reduce((sum, report) => sum + report.defects.length, 0);
console.log(`\n${total} mutants, ${defects} defects (seed ${values.seed})`);
process.exitCode = defects === 0 ? 0 : 1;

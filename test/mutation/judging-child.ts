// Judges the mutants of one file and tells its parent of each: before it is read, so that the parent knows which one a
// crash or a hang is about, and after.
import { judge, recordsOf } from './judge.ts';
import { mutantsOf } from './mutants.ts';
import { originals } from './original.ts';
import type { FromChild } from './judge-file.ts';

const [name = '', seed = '0', every = '1', from = '0'] = process.argv.slice(2);
const send = (message: FromChild): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send!(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });

const original = (await originals()).find((one) => one.name === name);
if (original === undefined) throw new Error(`there is no file ${name} in test/java-archives/tiny`);
const records = await recordsOf(original);
let number = 0;
for (const mutant of mutantsOf(original.bytes, { seed: Number(seed), every: Number(every) })) {
  if (number++ < Number(from)) continue;
  const { position, mutation } = mutant;
  await send({ kind: 'begin', position, mutation });
  await send({ kind: 'end', ...(await judge(original, records, mutant)) });
}
await send({ kind: 'done', peakBytes: process.resourceUsage().maxRSS * 1024 });
process.disconnect();

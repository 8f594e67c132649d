import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileAssembly } from './compile-assembly.ts';
import { projectRoot } from './stack/project-root.ts';

// Writes what the source of the kernel compiles to: `npm run write-kernel`, after each change in its folder.
const base64 = Buffer.from(await compileAssembly()).toString('base64');
const lines = base64.match(/.{1,112}/g)!.map((line) => `  '${line}',`);
const text = `/** What assembly/ compiles to, in base64: written by \`npm run write-kernel\`, which a test compares it with. */
export const KERNEL = [
${lines.join('\n')}
].join('');
`;
writeFileSync(join(projectRoot, 'formats/avro/kernel/kernel-bytes.ts'), text);

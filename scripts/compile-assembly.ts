import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { projectRoot } from './stack/project-root.ts';

/** Imports of the module are named after the file that declares them, from here. */
const FOLDER = join(projectRoot, 'formats/avro/kernel/assembly');
const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--initialMemory',
  '80',
  '--maximumMemory',
  '80',
];

/**
 * Compiles the kernel that takes Avro to JSON. The same source gives the same bytes with the same release of the compiler.
 * @throws Error with what the compiler says
 */
export async function compileAssembly(): Promise<Uint8Array> {
  let compiled: Uint8Array | undefined;
  const writeFile = (_name: string, contents: Uint8Array | string): void => {
    if (typeof contents !== 'string') compiled = contents;
  };
  const argv = ['index.ts', '--baseDir', FOLDER, '--outFile', 'kernel.wasm', ...OPTIONS];
  let said = '';
  const stderr = { write: (text: string | Uint8Array) => void (said += String(text)) };
  const { error } = await asc.main(argv, { writeFile, stderr });
  if (error === null && compiled !== undefined) return compiled;
  throw new Error(`${FOLDER} can't be compiled: ${error?.message ?? 'nothing came out'}\n${said}`);
}

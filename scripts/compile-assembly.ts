import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './stack/project-root.ts';

/** As a process of its own: the types that the package brings along are AssemblyScript's, of arrays and all else that has them. */
const COMPILER = join(projectRoot, 'node_modules/assemblyscript/bin/asc.js');
/** Imports of the module are named after the file that declares them, from here. */
const FOLDER = join(projectRoot, 'formats/avro/kernel/assembly');
const MEMORY = ['--initialMemory', '80', '--maximumMemory', '80'];
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', ...MEMORY];

/**
 * Compiles the kernel that takes Avro to JSON. The same source gives the same bytes with the same release of the compiler.
 * @throws Error with what the compiler says
 */
export async function compileAssembly(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-kernel-'));
  try {
    const file = join(folder, 'kernel.wasm');
    await promisify(execFile)(process.execPath, [COMPILER, 'index.ts', '--outFile', file, ...OPTIONS], { cwd: FOLDER });
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

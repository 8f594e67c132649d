// The examples of deploying are what they say: files that parse, variables and paths that there are, a configuration that a
// worker takes, times that fit its shutdown; and the page counts with the figures that were measured.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../cli/exit-code.ts';
import { loadWorkerConfig } from '../../workers/config.ts';
import { strayVariables } from '../../workers/stray-variables.ts';
import { INSTALLED } from '../support/worker-process.ts';
import { yamlDocuments } from '../support/yaml-documents.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const {
  name: PACKAGE,
  version: VERSION,
  bin,
} = JSON.parse(read('package.json')) as {
  name: string;
  version: string;
  bin: { rewind: string };
};
const ENTRY = `/opt/rewind/node_modules/${PACKAGE}/${bin.rewind}`;
/** How long a worker may take to hand over (run-worker.ts). */
const [, FORCED] = /shutdownForceTime: '(\d+) seconds'/.exec(read('workers/run-worker.ts')) ?? [];

interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  image: string;
  args: string[];
  env: { name: string; value?: string }[];
  ports: { name: string; containerPort: number }[];
  resources: { limits: { memory: string } };
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
}
interface Resource {
  kind: string;
  data?: Record<string, string>;
  spec?: {
    replicas?: number;
    minAvailable?: number;
    strategy?: { rollingUpdate: { maxUnavailable: number; maxSurge: number } };
    template?: {
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: { runAsUser: number };
        containers: Container[];
      };
    };
  };
}

const resources = yamlDocuments(read('examples/deploy/kubernetes.yaml')) as Resource[];
const deployment = resources.find(({ kind }) => kind === 'Deployment')!.spec!;
const pod = deployment.template!.spec;
const container = pod.containers[0]!;

function configurationOf(json: string): ReturnType<typeof loadWorkerConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-deploying-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'worker.json'), json);
  return loadWorkerConfig({ REWIND_CONFIG: join(folder, 'worker.json') });
}

test('Kubernetes: a configuration that a worker takes, in the memory that it is given', () => {
  const { memoryBytes } = configurationOf(resources.find(({ kind }) => kind === 'ConfigMap')!.data!['worker.json']!);
  const [, gibibytes = ''] = /^(\d+)Gi$/.exec(container.resources.limits.memory) ?? [];
  expect(memoryBytes + 250 * 1024 ** 2).toBeLessThan(Number(gibibytes) * 1024 ** 3);
});

test('Kubernetes: two workers, of which none goes before the next is ready, and each has its time', () => {
  expect(deployment).toMatchObject({ replicas: 2, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } });
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(FORCED));
  expect(resources.find(({ kind }) => kind === 'PodDisruptionBudget')!.spec).toMatchObject({ minAvailable: 1 });
  expect(container).toMatchObject({ image: `rewind:${VERSION}`, args: ['worker'] });
});

test('Kubernetes: probes ask what the worker serves, where it is told to serve it', () => {
  const served = [...read('workers/health.ts').matchAll(/path !== '(\/\w+)'/g)].map(([, path]) => path);
  const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
  for (const probe of probes) expect(served).toContain(container[probe].httpGet.path);
  expect(container.livenessProbe.httpGet.path).toBe('/healthz');
  expect(container.readinessProbe.httpGet.path).toBe('/readyz');
  const port = (name: string): string => String(container.ports.find((each) => each.name === name)?.containerPort);
  const variable = (name: string): string | undefined => container.env.find((each) => each.name === name)?.value;
  expect(variable('REWIND_HEALTH')).toBe(`0.0.0.0:${port('health')}`);
  expect(variable('REWIND_METRICS_PROMETHEUS')).toBe(`0.0.0.0:${port('metrics')}`);
});

test('every variable of the examples is one that Rewind reads', () => {
  const unit = [...read('examples/deploy/rewind-worker.service').matchAll(/^Environment=(\w+)=/gm)];
  const image = [...read('examples/deploy/Containerfile').matchAll(/\b(REWIND_\w+)=/g)];
  const names = [...unit, ...image].map(([, name]) => name!).concat(container.env.map(({ name }) => name));
  expect(names.length).toBeGreaterThan(8);
  expect(strayVariables(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
});

test('systemd: the command of the package, not again where the configuration is wrong, and time to hand over', () => {
  const lines = read('examples/deploy/rewind-worker.service')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.filter((line) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.+)$/.test(line))).toEqual([]);
  const value = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  expect(value('ExecStart')).toBe(`/usr/bin/node --enable-source-maps ${ENTRY} worker`);
  expect(value('RestartPreventExitStatus')).toBe(String(EXIT.usage));
  expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(Number(FORCED));
});

test('the Containerfile: instructions that there are, stages that it names, the command of the package, no root', () => {
  const instructions = read('examples/deploy/Containerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line)!)
    .map(([, name, rest]) => ({ name: name!, rest: rest!.trim() }));
  const known =
    'FROM RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG STOPSIGNAL HEALTHCHECK'.split(' ');
  expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  const of = (name: string): string[] => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
  const stages = of('FROM').flatMap((rest) => / AS (\w+)$/.exec(rest)?.[1] ?? []);
  for (const rest of of('COPY')) {
    const [, from] = /--from=(\S+)/.exec(rest) ?? [];
    if (from !== undefined) expect(stages).toContain(from);
  }
  for (const rest of of('FROM')) expect(rest).toMatch(/^node:\d+-[\w-]+/);
  expect(JSON.parse(of('ENTRYPOINT')[0]!)).toEqual(['node', '--enable-source-maps', ENTRY]);
  expect(JSON.parse(of('CMD').at(-1)!)).toEqual(['worker']);
  expect(JSON.parse(of('HEALTHCHECK')[0]!.replace(/^.*?CMD /, ''))).toEqual(expect.arrayContaining(['node', '-e']));
  expect(of('USER').at(-1)).toBe(String(pod.securityContext.runAsUser));
  expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
  const node = Number(/^node:(\d+)/.exec(of('FROM').at(-1)!)![1]);
  expect(node).toBeGreaterThanOrEqual(20);
});

test('the command, a clone, the unit and the image start a worker with as few places of memory', () => {
  const [line] = read('cli/rewind.ts').split('\n');
  const [, variable = ''] = /^#!\/usr\/bin\/env -S (MALLOC_ARENA_MAX=\d+) node$/.exec(line!) ?? [];
  expect(variable).toBe(`MALLOC_ARENA_MAX=${INSTALLED.MALLOC_ARENA_MAX}`);
  expect(read('examples/deploy/rewind-worker.service')).toContain(`\nEnvironment=${variable}\n`);
  expect(read('examples/deploy/Containerfile')).toContain(` ${variable} \\\n`);
  expect(read('scripts/bootstrap.mjs')).toContain(`{ ${variable.replace(/=(\d+)/, ": '$1'")}, ...process.env }`);
});

test('the page counts with figures of docs/benchmarks.md', () => {
  const [page, benchmarks] = [read('docs/deploying.md'), read('docs/benchmarks.md')];
  const found = (text: string, pattern: RegExp): number => Number(pattern.exec(text)![1]!.replaceAll(',', ''));
  // Measured again, a figure moves a little; the page is to follow where it moves more.
  const figure = (told: RegExp, measured: RegExp): number => {
    const counted = found(page, told);
    expect(Math.abs(counted / found(benchmarks, measured) - 1)).toBeLessThan(0.1);
    return counted;
  };
  const archived = figure(/([\d,]+) records\/s on 2 cores/, /^\| records\/s +\| ([\d,]+) +\| [\d,]+ +\|$/m);
  const decoded = figure(
    /([\d,]+) records\/s decoded/,
    /^\| decode and sort, records\/s +\| [\d,]+ +\| ([\d,]+) +\|$/m,
  );
  const published = figure(/([\d,]+) records\/s published/, /^\| publish, records\/s +\| [\d,]+ +\| ([\d,]+) +\|$/m);
  const hours = (terabytes: number, bytes: number, speed: number): number => (terabytes * 1e12) / bytes / speed / 3600;
  for (const terabytes of [1, 10, 100]) {
    const row = (heading: string): string[] => {
      const section = page.slice(page.indexOf(heading));
      return new RegExp(`^\\| ${terabytes} TB +\\|(.*)\\|$`, 'm')
        .exec(section)![1]!
        .split('|')
        .map((cell) => cell.trim());
    };
    const [oneWorker = '', inADay = ''] = row('| to archive');
    const archiving = hours(terabytes, 290, archived);
    expect(Number.parseFloat(oneWorker)).toBeCloseTo(archiving, archiving < 10 ? 1 : 0);
    expect(Number.parseInt(inADay)).toBe(Math.ceil(archiving / 24));
    const [decode = '', publish = '', workers = ''] = row('| to replay');
    const [decoding, publishing] = [hours(terabytes, 470, decoded), hours(terabytes, 470, published)];
    expect(Number.parseFloat(decode)).toBeCloseTo(decoding, decoding < 10 ? 1 : 0);
    expect(Number.parseFloat(publish)).toBeCloseTo(publishing, publishing < 10 ? 1 : 0);
    const [, many = '', jobs = '1', took = ''] = /^(\d+)(?: for each of (\d+) jobs of 10 TB)?: ([\d.]+) h$/.exec(
      workers,
    )!;
    expect(Number(took)).toBeCloseTo((decoding / Number(many) + publishing) / Number(jobs), terabytes === 1 ? 1 : 0);
  }
});

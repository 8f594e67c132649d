import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attachStack } from './stack/development-stack.ts';
import type { Stack } from './stack/development-stack.ts';
import { portNames, portsFrom } from './stack/ports.ts';
import type { Ports } from './stack/ports.ts';
import { stacksFolder } from './stack/project-root.ts';
import { STACK_COMMAND } from './stack/stack-command.ts';
import { messageOf, StackError } from './stack/stack-error.ts';
import { startStack } from './stack/start-stack.ts';
import { ToldLines } from './stack/told-lines.ts';

const USAGE = `The development stack: Temporal, Kafka, HDFS and ZooKeeper, each a real server on this machine.

${STACK_COMMAND} up      start it, and wait until every server answers
${STACK_COMMAND} down    end its servers; --delete removes its data too
${STACK_COMMAND} status  show where its servers are, and whether they answer (exit code 1 where one doesn't)

--name NAME        another stack beside the first (default: dev); its data is in ${join(stacksFolder, 'NAME')}
--brokers 3        three Kafka brokers (default: 1)
--registry          a schema registry too (Apicurio, in memory)
--port-base N      all ports, from N on
--SERVER-port N    one port; SERVER is ${portNames(1).join(', ')}
--json             print JSON instead of a table

Ports that are not given are those of the last time, else free ones.`;

const names = portNames(3);
const portOptions = Object.fromEntries(names.map((name) => [`${name}-port`, { type: 'string' } as const]));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'dev' },
      brokers: { type: 'string' },
      registry: { type: 'boolean', default: false },
      'port-base': { type: 'string' },
      delete: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      ...portOptions,
    },
  });
  const [command, ...rest] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (rest.length > 0) throw new StackError(`Unexpected arguments: ${rest.join(' ')}`);
  const told = new ToldLines(process.stderr);
  const progress = told.line;
  if (command === 'up') {
    const interrupt = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt.abort());
    const brokers = values.brokers === undefined ? undefined : wholeNumber('--brokers', values.brokers);
    const stack = await startStack({
      name: values.name,
      ports: askedPorts(values, brokers ?? 1),
      ...(brokers === undefined ? {} : { brokers }),
      ...(values.registry ? { registry: true } : {}),
      signal: interrupt.signal,
      onProgress: progress,
      onTick: told.now,
    });
    told.clear();
    await show(stack, values.json);
    return 0;
  }
  if (command === 'down') {
    await attachStack(values.name).down({ deleteData: values.delete });
    progress(`Stack ${values.name} is down${values.delete ? ', its data deleted' : ''}`);
    return 0;
  }
  if (command === 'status') return (await show(attachStack(values.name), values.json)) ? 0 : 1;
  throw new StackError(command === undefined ? USAGE : `Unknown command ${command}: expected up, down or status`);
}

function askedPorts(values: Readonly<Record<string, unknown>>, brokers: number): Ports {
  const base = values['port-base'];
  const ports: Ports = typeof base === 'string' ? portsFrom(wholeNumber('--port-base', base), portNames(brokers)) : {};
  for (const name of names) {
    const value = values[`${name}-port`];
    if (typeof value === 'string') ports[name] = wholeNumber(`--${name}-port`, value);
  }
  return ports;
}

function wholeNumber(option: string, value: string): number {
  if (!/^[0-9]{1,5}$/.test(value)) throw new StackError(`${option} ${value}: expected a whole number`);
  return Number(value);
}

/** Prints where the servers are. @returns whether all of them answer */
async function show(stack: Stack, json: boolean): Promise<boolean> {
  const addresses: Record<string, string> = {
    temporal: `${stack.addresses.temporal}  Web UI ${stack.addresses.temporalUi}`,
    namenode: stack.addresses.namenode,
    datanode: stack.addresses.datanode,
    zookeeper: stack.addresses.zookeeper,
  };
  stack.addresses.kafka.forEach(
    (address, index) => (addresses[index === 0 ? 'kafka' : `kafka-${index + 1}`] = address),
  );
  if (stack.addresses.registry !== undefined) addresses['registry'] = stack.addresses.registry;
  const rows = await Promise.all(
    Object.values(stack.servers).map(async (server) => {
      const reason = await server.whyNot();
      return { name: server.name, pid: server.pid ?? null, answers: reason === undefined, reason, log: server.logFile };
    }),
  );
  if (json) {
    const { name, directory, environment } = stack;
    console.log(JSON.stringify({ name, directory, addresses: stack.addresses, environment, servers: rows }, null, 2));
  } else {
    const table = rows.map((row) => [
      row.name,
      row.reason ?? 'answers',
      String(row.pid ?? '-'),
      addresses[row.name] ?? '',
    ]);
    printTable([['server', 'state', 'pid', 'address'], ...table]);
    console.log(`\nData and logs: ${stack.directory}\nFor a worker:`);
    for (const [name, value] of Object.entries(stack.environment)) console.log(`  export ${name}=${value}`);
  }
  return rows.every((row) => row.answers);
}

function printTable(rows: string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

try {
  process.exitCode = await main();
} catch (error) {
  // Wrong options and what the stack says itself need no stack trace.
  const known = error instanceof StackError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  console.error(known ? messageOf(error) : error);
  process.exitCode = error instanceof StackError ? 1 : 2;
}

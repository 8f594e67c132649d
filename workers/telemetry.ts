import { DefaultLogger, type LogEntry, type LogLevel, type RuntimeOptions } from '@temporalio/worker';
import { ConfigError } from './config-error.ts';

const LEVELS: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

/** How the process tells what it does: REWIND_LOG_LEVEL, REWIND_LOG_FORMAT, REWIND_METRICS_PROMETHEUS, REWIND_METRICS_OTLP. */
export function runtimeOptions(environment: Record<string, string | undefined>): RuntimeOptions {
  const level = (environment['REWIND_LOG_LEVEL'] ?? 'INFO').toUpperCase() as LogLevel;
  if (!LEVELS.includes(level)) throw wrong('REWIND_LOG_LEVEL', LEVELS.join(', '), level);
  const format = environment['REWIND_LOG_FORMAT'] ?? 'text';
  if (format !== 'text' && format !== 'json') throw wrong('REWIND_LOG_FORMAT', 'text or json', format);
  const metrics = metricsOf(environment);
  return {
    logger: format === 'json' ? new DefaultLogger(level, jsonLine) : new DefaultLogger(level),
    shutdownSignals: ['SIGTERM', 'SIGINT'],
    ...(metrics && { telemetryOptions: { metrics } }),
  };
}

/** Where `/healthz` and `/readyz` are served, `host:port`. */
export const HEALTH_VARIABLE = 'REWIND_HEALTH';

/** Variables by which a process tells what it does. */
export const TELEMETRY_VARIABLES = [
  HEALTH_VARIABLE,
  'REWIND_LOG_LEVEL',
  'REWIND_LOG_FORMAT',
  'REWIND_METRICS_PROMETHEUS',
  'REWIND_METRICS_OTLP',
] as const;

/** Whether somebody can see what this process counts. */
export function exportsMetrics(environment: Record<string, string | undefined>): boolean {
  return environment['REWIND_METRICS_PROMETHEUS'] !== undefined || environment['REWIND_METRICS_OTLP'] !== undefined;
}

type Metrics = NonNullable<NonNullable<RuntimeOptions['telemetryOptions']>['metrics']>;

function metricsOf(environment: Record<string, string | undefined>): Metrics | undefined {
  const bindAddress = environment['REWIND_METRICS_PROMETHEUS'];
  const url = environment['REWIND_METRICS_OTLP'];
  if (bindAddress !== undefined && url !== undefined)
    throw wrong('REWIND_METRICS_PROMETHEUS and REWIND_METRICS_OTLP', 'one of them', 'both');
  if (bindAddress !== undefined) {
    if (!/^.+:\d+$/.test(bindAddress)) throw wrong('REWIND_METRICS_PROMETHEUS', 'host:port', bindAddress);
    return { prometheus: { bindAddress, useSecondsForDurations: true } };
  }
  if (url === undefined) return undefined;
  if (!/^(grpc|http)s?:\/\//.test(url)) throw wrong('REWIND_METRICS_OTLP', 'an URL of grpc:// or http://', url);
  return { otel: { url, http: url.startsWith('http'), useSecondsForDurations: true } };
}

/** One JSON object a line; 64-bit numbers as texts. */
function jsonLine({ level, timestampNanos, message, meta }: LogEntry): void {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const line = JSON.stringify({ time, level, message, ...meta }, (_, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (!(value instanceof Error)) return value;
    const { type } = value as { type?: unknown };
    return { message: value.message, ...(typeof type === 'string' && { type }) };
  });
  process.stderr.write(`${line}\n`);
}

function wrong(variable: string, expected: string, found: string): ConfigError {
  return new ConfigError(`The worker's configuration is wrong: ${variable}: expected ${expected}, found ${found}.`);
}

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { ConfigError } from './config-error.ts';

/** Temporal can't be served: it isn't there, speaks otherwise, or has no such namespace. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  readonly remedy: string;

  constructor(what: string, remedy: string, cause: unknown) {
    super(what, { cause });
    this.remedy = remedy;
  }
}

export interface ConnectedTemporal {
  connection: NativeConnection;
  address: string;
  namespace: string;
}

/**
 * Connects by Temporal's own environment configuration, and makes sure that the namespace is there.
 *
 * @throws ConfigError, TemporalUnreachableError
 */
export async function connectTemporal(): Promise<ConnectedTemporal> {
  const { connectionOptions, namespace = 'default' } = configuration();
  const address = connectionOptions.address ?? 'localhost:7233';
  let connection: NativeConnection;
  try {
    connection = await NativeConnection.connect(connectionOptions);
  } catch (error) {
    throw notConnected(error as Error, address);
  }
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    // An API key may not be allowed to describe what it may use: the server tells when it is polled.
    if ((error as { code?: unknown }).code !== NOT_FOUND) return { connection, address, namespace };
    await connection.close();
    throw new TemporalUnreachableError(
      `Temporal at ${address} has no namespace ${namespace}.`,
      `Correct TEMPORAL_NAMESPACE, or create it: temporal operator namespace create --namespace ${namespace}`,
      error,
    );
  }
  return { connection, address, namespace };
}

const NOT_FOUND = 5; // google.rpc.Code

function configuration(): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    throw new ConfigError(
      `Temporal's configuration can't be used: ${(error as Error).message}.`,
      'Check TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE and the other variables TEMPORAL_*.',
      error,
    );
  }
}

function notConnected(error: Error, address: string): Error {
  const remedy =
    'Check TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY, or choose a TEMPORAL_PROFILE; rewind stack up starts servers for a trial.';
  if (error instanceof TypeError) return new ConfigError(`TEMPORAL_ADDRESS: ${error.message}.`, remedy, error);
  return new TemporalUnreachableError(
    `Temporal can't be reached at ${address}: ${transportReason(error.message)}.`,
    remedy,
    error,
  );
}

/** What Temporal's core says of a connection that failed, as a person would: it prints the errors of its libraries. */
export function transportReason(message: string): string {
  if (/InvalidContentType|InvalidMessage|CorruptMessage/.test(message))
    return 'what answers there does not speak TLS, which TEMPORAL_TLS, a certificate or an API key asks for';
  const certificate = /InvalidCertificate\((\w+)/.exec(message)?.[1];
  if (certificate !== undefined) return `its certificate is not accepted (${certificate})`;
  if (/failed to lookup address|dns error/i.test(message)) return "its name can't be resolved";
  if (/frame with invalid size|h2 protocol error|BrokenPipe|UnexpectedEof|GoAway/i.test(message))
    return 'what answers there does not speak plain gRPC: does it want TLS (TEMPORAL_TLS=true)?';
  const system = /message: "([^"]+)"/.exec(message)?.[1] ?? message;
  return (system.split('\n')[0] ?? '').replace(/[.\s]+$/, '');
}

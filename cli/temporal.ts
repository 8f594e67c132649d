import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { unreachable } from './explain-error.ts';

/** Options of every command that talks to Temporal. */
export interface TemporalOptions {
  profile?: string;
  configFile?: string;
  address?: string;
  namespace?: string;
  taskQueue: string;
}

/** A client by Temporal's own environment configuration: variables, profiles, TLS, API key. */
export async function withTemporal<T>(
  options: TemporalOptions,
  use: (client: Client, namespace: string, address: string) => Promise<T>,
): Promise<T> {
  const { connectionOptions, namespace: configured } = configuration(options);
  const address = options.address ?? connectionOptions.address ?? 'localhost:7233';
  const namespace = options.namespace ?? configured ?? 'default';
  const connection = await Connection.connect({ ...connectionOptions, address, connectTimeout: '5 seconds' }).catch(
    (error: unknown) => {
      throw unreachable(address, (error as Error).message);
    },
  );
  try {
    return await use(new Client({ connection, namespace }), namespace, address);
  } finally {
    await connection.close();
  }
}

function configuration({ profile, configFile }: TemporalOptions): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({
      ...(profile === undefined ? {} : { profile }),
      ...(configFile === undefined ? {} : { configSource: { path: configFile } }),
    });
  } catch (error) {
    throw new CommandError(
      EXIT.usage,
      `Temporal's configuration can't be used: ${(error as Error).message}.`,
      'Check --profile, --config-file and the variables TEMPORAL_*.',
    );
  }
}

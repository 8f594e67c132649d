import { JobError } from './job-error.ts';
import type { Servers } from './servers.ts';

/** The servers that a job can't do without, by the names of their connections. */
export interface JobServers {
  hdfs?: string | undefined;
  /** Asked for `topic`, which need not exist. */
  kafka: { name: string; topic: string };
  zookeeper?: string | undefined;
}

export interface Server {
  /** As the message calls it: `the Kafka connection "default"`. */
  name: string;
  /** Asks something that changes nothing. */
  ask: () => Promise<unknown>;
}

/** @throws JobError 'connection-unknown' that names all that are */
export function serversOf(deps: Servers, { hdfs, kafka, zookeeper }: JobServers): Server[] {
  const unknown: JobError[] = [];
  const known = <T>(open: () => T): T | undefined => {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      unknown.push(error);
      return undefined;
    }
  };
  const store = hdfs === undefined ? undefined : known(() => deps.hdfs(hdfs));
  const brokers = known(() => deps.kafka(kafka.name));
  const servers: Server[] = [
    ...(hdfs === undefined
      ? []
      : [{ name: `the HDFS connection "${hdfs}" (${store?.describe()})`, ask: async () => store?.status('/') }]),
    {
      name: `the Kafka connection "${kafka.name}" (${brokers?.describe()})`,
      ask: async () => brokers?.describeTopic(kafka.topic),
    },
  ];
  if (zookeeper !== undefined) {
    // Begins to connect; whether that went well shows when it is asked.
    known(() => deps.zookeeper(zookeeper))?.catch(() => undefined);
    servers.push({
      name: `the ZooKeeper connection "${zookeeper}" (${known(() => deps.describeZooKeeper(zookeeper))})`,
      ask: async () => (await deps.zookeeper(zookeeper)).children('/consumers'),
    });
  }
  if (unknown.length > 0)
    throw new JobError('connection-unknown', unknown.map(({ message }) => message).join(' '), {
      connections: unknown.map(({ facts }) => facts),
    });
  return servers;
}

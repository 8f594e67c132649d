import type { AdminPort } from './admin/admin-port.ts';
import type { PublishPort } from './publish/publish-port.ts';
import type { ReadPort } from './read/read-port.ts';

/**
 * A connection to one Kafka cluster: all that Rewind needs of it. Who needs less takes one of the ports. An
 * implementation hides its client library; vendor types appear in its own files only.
 */
export interface KafkaConnection extends PublishPort, ReadPort, AdminPort {
  /** Broker addresses for messages, without credentials. */
  describe(): string;
  close(): Promise<void>;
}

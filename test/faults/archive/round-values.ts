import avsc from 'avsc';
import type { Message } from 'kafkajs';
import type { ArchiveInput } from '../../../activities/archive/job/archive-input.ts';
import type { ReplayInput } from '../../../activities/replay/job/job-input.ts';
import { registerSchema } from '../../support/register-schema.ts';

/** A numbered record; `timestamp` is ISO-8601. */
export interface Numbered {
  n: number;
  topic: string;
  timestamp: string;
  text: string;
}

/** How the records of a round are written into Kafka, archived, and read again: as JSON text, whatever their form. */
export interface RoundValues {
  /** What the archive's job says of them, and a replay's. */
  archive: Pick<ArchiveInput, 'value' | 'schema' | 'time'>;
  replay: Pick<ReplayInput, 'time' | 'output'>;
  /** Codecs that files of them may have. */
  codecs: readonly NonNullable<NonNullable<ArchiveInput['files']>['codec']>[];
  /** What a message is sent as. @default as it is */
  dress?(message: Message, n: number): Message;
  /** Called for each topic before anything is sent to it. */
  declare(topic: string): Promise<void>;
  /** The bytes of a message. */
  encode(record: Numbered): Buffer;
  /** The text of a message. */
  decode(message: Buffer): string;
  /** The text of a record of the archive, or of a replay. */
  textOf(record: string): string;
}

const TIME = { format: 'ISO-8601' };

export const JSON_VALUES: RoundValues = {
  archive: { value: 'json', time: TIME },
  replay: { time: TIME, output: { encoding: 'original' } },
  codecs: ['none', 'gzip'],
  declare: async () => undefined,
  encode: (record) => Buffer.from(JSON.stringify(record)),
  decode: String,
  textOf: (record) => record,
};

const FIRST = {
  type: 'record',
  name: 'Numbered',
  fields: [
    { name: 'n', type: 'int' },
    { name: 'topic', type: 'string' },
    { name: 'timestamp', type: 'long' },
    { name: 'text', type: 'string' },
  ],
} as const;
const SCHEMAS = [FIRST, { ...FIRST, fields: [...FIRST.fields, { name: 'tag', type: 'string', default: 'none' }] }];
const TYPES = SCHEMAS.map((schema) => avsc.Type.forSchema(schema as avsc.Schema));
const FRAME_BYTES = 5;

/** Avro in Confluent's frame, each record by one of two versions of its schema; the registry may forget them. */
export class RegistryValues implements RoundValues {
  readonly archive: RoundValues['archive'] = { value: 'registry' };
  readonly codecs = ['none', 'deflate'] as const;
  readonly replay = { time: { field: 'timestamp' }, output: { encoding: 'json' } } as const;
  readonly #url: string;
  readonly #topics: string[] = [];
  #ids: readonly number[] = [];

  /** @param url - base of Confluent's API, past all proxies */
  constructor(url: string) {
    this.#url = url;
  }

  async declare(topic: string): Promise<void> {
    if (!this.#topics.includes(topic)) this.#topics.push(topic);
    const ids: number[] = [];
    for (const schema of SCHEMAS) ids.push(await registerSchema(this.#url, `${topic}-value`, JSON.stringify(schema)));
    if (this.#ids.length > 0 && this.#ids.join() !== ids.join())
      throw new Error(`the registry gave the ids ${ids.join()} to schemas that had ${this.#ids.join()}`);
    this.#ids = ids;
  }

  /** Into a registry that came back empty: the same schemas under the same ids. */
  async declareAgain(): Promise<void> {
    for (const topic of this.#topics) await this.declare(topic);
  }

  encode({ n, topic, timestamp, text }: Numbered): Buffer {
    const version = n % SCHEMAS.length;
    const frame = Buffer.alloc(FRAME_BYTES);
    frame.writeInt32BE(this.#ids[version]!, 1);
    const datum = { n, topic, timestamp: Date.parse(timestamp), text, tag: `t${n}` };
    return Buffer.concat([frame, TYPES[version]!.toBuffer(datum)]);
  }

  decode(message: Buffer): string {
    const version = this.#ids.indexOf(message.readInt32BE(1));
    return this.textOf(JSON.stringify(TYPES[version]!.fromBuffer(message.subarray(FRAME_BYTES))));
  }

  textOf(record: string): string {
    const { n, topic, timestamp, text } = JSON.parse(record) as Omit<Numbered, 'timestamp'> & { timestamp: number };
    return JSON.stringify({ n, topic, timestamp: new Date(timestamp).toISOString(), text });
  }
}

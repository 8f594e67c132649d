/** `WritableUtils.writeVInt`. */
export function vint(value: number): Buffer {
  if (value >= -112 && value <= 127) return Buffer.from([value & 0xff]);
  const magnitude = value < 0 ? ~value : value;
  const bytes = Buffer.from(
    magnitude.toString(16).padStart(Math.ceil(magnitude.toString(16).length / 2) * 2, '0'),
    'hex',
  );
  return Buffer.concat([Buffer.from([((value < 0 ? -120 : -112) - bytes.length) & 0xff]), bytes]);
}

export function text(value: string): Buffer {
  return Buffer.concat([vint(Buffer.byteLength(value)), Buffer.from(value)]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function utf(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

export const MARKER = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
export const SYNC = Buffer.concat([int32(-1), MARKER]);

interface HeaderOptions {
  version?: number;
  keyClass?: string;
  valueClass?: string;
  /** Class of the codec; none without it. */
  codec?: string;
  blocks?: boolean;
  metadata?: Record<string, string>;
}

const BYTES = 'org.apache.hadoop.io.BytesWritable';

/** A header of any version, as `SequenceFile.Writer` of that time wrote it. */
export function header(options: HeaderOptions = {}): Buffer {
  const { version = 6, keyClass = BYTES, valueClass = BYTES, codec, blocks = false, metadata = {} } = options;
  const name = version < 4 ? utf : text;
  const flag = (set: boolean) => Buffer.from([set ? 1 : 0]);
  const entries = Object.entries(metadata);
  return Buffer.concat([
    Buffer.from('SEQ'),
    Buffer.from([version]),
    name(keyClass),
    name(valueClass),
    ...(version > 2 ? [flag(codec !== undefined)] : []),
    ...(version >= 4 ? [flag(blocks)] : []),
    ...(version >= 5 && codec !== undefined ? [text(codec)] : []),
    ...(version >= 6 ? [int32(entries.length), ...entries.flatMap(([key, value]) => [text(key), text(value)])] : []),
    ...(version > 1 ? [MARKER] : []),
  ]);
}

export function record(key: string | Buffer, value: string | Buffer): Buffer {
  const [keyBytes, valueBytes] = [Buffer.from(key), Buffer.from(value)];
  return Buffer.concat([int32(keyBytes.length + valueBytes.length), int32(keyBytes.length), keyBytes, valueBytes]);
}

import { ConnectionError } from '../../connection-error.ts';
import { textBytes } from '../../text-file.ts';

const MAGIC = 'HDTS';
const TOKEN_KINDS: ReadonlySet<string> = new Set([
  'HDFS_DELEGATION_TOKEN',
  'WEBHDFS delegation',
  'SWEBHDFS delegation',
]);

/**
 * The delegation token in a file, as WebHDFS takes it (`Token.encodeToUrlString`). The file is that text itself, or
 * Hadoop's own token storage (`Credentials.writeTokenStorageToStream`, version 0), as `hdfs fetchdt` writes it.
 *
 * @throws ConnectionError 'configuration'; the message never holds anything of the file
 */
export function parseTokenFile(bytes: Buffer, file: string): string {
  if (bytes.toString('latin1', 0, MAGIC.length) === MAGIC) return fromTokenStorage(bytes, file);
  const text = textBytes(bytes, file, 'the delegation token').toString('latin1').trim();
  if (!/^[A-Za-z0-9_-]{16,}={0,2}$/.test(text))
    throw badFile(file, text === '' ? 'it is empty' : 'it is neither a token in URL-safe base64 nor a file of fetchdt');
  return text;
}

function fromTokenStorage(bytes: Buffer, file: string): string {
  if (bytes[4] !== 0)
    throw badFile(file, `it is token storage of version ${bytes[4] ?? 'none'}, expected version 0 (-format java)`);
  const reader = new WritableReader(bytes, 5, file);
  for (let left = reader.vint(); left > 0; left--) {
    reader.block(); // the alias, mostly the service
    const start = reader.position;
    reader.block(); // identifier
    reader.block(); // password
    const kind = reader.block().toString('utf8');
    reader.block(); // service
    if (TOKEN_KINDS.has(kind)) return bytes.subarray(start, reader.position).toString('base64url');
  }
  throw badFile(file, `it holds no token of the kinds ${[...TOKEN_KINDS].join(', ')}`);
}

/** Hadoop's `WritableUtils`: variable-length integers, and bytes with their length before them. */
class WritableReader {
  readonly #bytes: Buffer;
  readonly #file: string;
  position: number;

  constructor(bytes: Buffer, position: number, file: string) {
    this.#bytes = bytes;
    this.position = position;
    this.#file = file;
  }

  vint(): number {
    const first = this.#take(1).readInt8();
    if (first >= -112) return first;
    // Between -113 and -116 a positive number of 1 to 4 bytes follows; a length is never negative.
    if (first < -116) throw badFile(this.#file, 'it is damaged');
    const size = -112 - first;
    return this.#take(size).readUIntBE(0, size);
  }

  block(): Buffer {
    return this.#take(this.vint());
  }

  #take(count: number): Buffer {
    const end = this.position + count;
    if (count < 0 || end > this.#bytes.length) throw badFile(this.#file, 'it ends too early');
    const taken = this.#bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }
}

function badFile(file: string, reason: string): ConnectionError {
  return new ConnectionError(
    'configuration',
    `${file} holds no delegation token: ${reason}; write one with hdfs fetchdt, or the urlString of GETDELEGATIONTOKEN`,
    { file },
  );
}

import { readFile } from 'node:fs/promises';
import { FormatError } from '../formats/format-error.ts';
import { utf8Bytes } from '../formats/text/byte-order-mark.ts';
import { ConnectionError } from './connection-error.ts';

/**
 * A small file that people put beside a worker: a password, a certificate. What editors add before it, a byte order
 * mark, is left out. `where` is the setting that names it, for messages, which never hold anything of the file.
 *
 * @throws ConnectionError 'configuration'
 */
export async function readTextFile(path: string, where: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(`${where}: cannot read ${path}: ${(cause as Error).message}`, path, where, cause);
  });
  return textBytes(bytes, path, where);
}

/** The same of bytes that were read already. */
export function textBytes(bytes: Buffer, path: string, where: string): Buffer {
  try {
    const text = utf8Bytes(bytes);
    return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw unreadable(`${where}: ${error.describe(path)}; save it as UTF-8`, path, where, error);
  }
}

function unreadable(message: string, path: string, where: string, cause: unknown): ConnectionError {
  const remedy = message.endsWith('UTF-8') ? '' : '; give the worker a file that it may read';
  return new ConnectionError('configuration', `${message}${remedy}`, { where, path }, cause);
}

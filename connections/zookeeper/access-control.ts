import type { ACL } from 'node-zookeeper-client';
import { ConnectionError } from '../connection-error.ts';
import { parentOf } from './node-path.ts';
import type { NodeOperation } from './node-store.ts';

type Create = Extract<NodeOperation, { op: 'create' }>;

/**
 * The access control lists that the created nodes of one multi get: that of `aclOf`, or else that of the nearest
 * parent, which may be made by the same multi.
 */
export class AccessControl {
  readonly #read: (path: string) => Promise<ACL[] | undefined>;
  readonly #lists = new Map<string, Promise<ACL[] | undefined>>();

  /** @param read - the list of a node, or undefined where no node is */
  constructor(read: (path: string) => Promise<ACL[] | undefined>) {
    this.#read = read;
  }

  /** The list for a node; undefined where `aclOf` names a node that is not there. Call it in the order of the multi. */
  async listFor(create: Create): Promise<ACL[] | undefined> {
    const list = create.aclOf === undefined ? this.#nearest(parentOf(create.path)) : this.#of(create.aclOf);
    this.#lists.set(create.path, list);
    return list;
  }

  async #nearest(path: string): Promise<ACL[] | undefined> {
    const list = await this.#of(path);
    return list === undefined && path !== '/' ? this.#nearest(parentOf(path)) : list;
  }

  #of(path: string): Promise<ACL[] | undefined> {
    const known = this.#lists.get(path);
    if (known !== undefined) return known;
    const list = this.#read(path).then((entries) => entries && complete(entries, path));
    this.#lists.set(path, list);
    return list;
  }
}

/** To whom may not administer a node the server shows `user:x` in place of a digest: copied, it would lock all out. */
function complete(entries: ACL[], path: string): ACL[] {
  const masked = entries.find(({ id }) => id.scheme === 'digest' && id.id.endsWith(':x'));
  if (masked === undefined) return entries;
  throw new ConnectionError(
    'denied',
    `the access control list of ${path} cannot be copied to new nodes: the server hides the digest of ` +
      `${masked.id.id.slice(0, -2)} from users without ADMIN permission there; log in as a user who has it`,
    { path },
  );
}

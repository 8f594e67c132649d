import { ConnectionError } from '../connection-error.ts';

/** Characters that ZooKeeper's `PathUtils.validatePath` forbids in the name of a node. */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\ud800-\uf8ff\ufff0-\uffff]/;

/** What is wrong with a node's absolute path, or undefined where nothing is. */
export function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'it does not begin with /';
  if (path === '/') return undefined;
  for (const name of path.slice(1).split('/')) {
    const problem = nameProblem(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Throws `refused` for what is no absolute path of a node. */
export function requirePath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined)
    throw new ConnectionError('refused', `'${path}' is no path of a ZooKeeper node: ${problem}`, { path });
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it holds an empty name';
  if (name === '.' || name === '..') return `it holds the name '${name}'`;
  if (name.includes('/')) return 'a name in it holds a /';
  // Forbidden by the code unit, as ZooKeeper itself (in Java) does: so nothing above U+FFFF either.
  if (FORBIDDEN.test(name)) return 'it holds a character that ZooKeeper does not allow';
  return undefined;
}

/** The path of names below the root. Throws `refused` for a name that would lead elsewhere. */
export function nodePath(...names: readonly string[]): string {
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem !== undefined)
      throw new ConnectionError('refused', `'${name}' cannot be the name of a ZooKeeper node: ${problem}`, { name });
  }
  return `/${names.join('/')}`;
}

/** Path of a node's parent; the root is its own. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

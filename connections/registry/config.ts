import { z } from 'zod';
import { ConnectionError } from '../connection-error.ts';
import { readTextFile } from '../text-file.ts';

/** Where a schema registry is and how to log in; made by `parseRegistryConfig`. Holds no readable secret. */
export interface RegistryConfig {
  /** `confluent`: Confluent's REST API (also Apicurio's, Redpanda's, Karapace); `schema-repo`: that of AVRO-1124. */
  kind: 'confluent' | 'schema-repo';
  /** Base URLs, without a slash at the end, tried in this order. */
  urls: readonly string[];
  /** PEM file with the certificates to trust, in place of Node's own list. */
  ca?: string;
  /** The header `Authorization`, read again for each request. */
  readAuthorization?: () => Promise<string>;
  timeouts: {
    /** Connecting, TLS included. @default 10000 */
    connectMs: number;
    /** From a request to the end of its answer. @default 30000 */
    answerMs: number;
  };
  /** Passes over the URLs before a call gives up on an error that can mend itself. @default 3 */
  attempts: number;
  /** Schemas that are remembered. @default 1000 */
  cachedSchemas: number;
}

const milliseconds = z.int().min(1).max(600_000);
const secret = z.string().min(1);

const authShape = z
  .discriminatedUnion('scheme', [
    z.strictObject({
      scheme: z.literal('basic'),
      username: secret.regex(/^[^:]*$/, 'must not hold a colon'),
      password: secret.optional(),
      passwordFile: secret.optional(),
    }),
    z.strictObject({ scheme: z.literal('bearer'), token: secret.optional(), tokenFile: secret.optional() }),
  ])
  .superRefine((auth, context) => {
    const [here, file] = auth.scheme === 'basic' ? [auth.password, auth.passwordFile] : [auth.token, auth.tokenFile];
    const names = auth.scheme === 'basic' ? 'password and passwordFile' : 'token and tokenFile';
    if ((here === undefined) === (file === undefined)) context.addIssue(`give exactly one of ${names}`);
  });

const configShape = z.strictObject({
  kind: z.enum(['confluent', 'schema-repo']).default('confluent'),
  urls: z
    .union([z.string().transform((text) => text.split(/\s*,\s*/)), z.array(z.string())])
    .pipe(
      z
        .array(z.string().superRefine((url, context) => checkUrl(url, (message) => context.addIssue(message))))
        .min(1, 'give at least one URL, as http://registry:8081'),
    ),
  ca: z.string().min(1).optional(),
  auth: authShape.optional(),
  timeouts: z
    .strictObject({ connectMs: milliseconds.default(10_000), answerMs: milliseconds.default(30_000) })
    .prefault({}),
  attempts: z.int().min(1).max(100).default(3),
  cachedSchemas: z.int().min(1).max(1_000_000).default(1000),
});

/**
 * Checks the configuration of one registry and fills in the defaults.
 *
 * @param where - names the value in messages, as `connections.registry.default`
 * @throws ConnectionError 'configuration' naming every wrong field at once, never a secret
 */
export function parseRegistryConfig(value: unknown, where: string): RegistryConfig {
  const parsed = configShape.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
    throw new ConnectionError('configuration', problems.join('; '), { where });
  }
  const { urls, ca, auth, ...rest } = parsed.data;
  return {
    ...rest,
    urls: [...new Set(urls.map((url) => new URL(url).href.replace(/\/+$/, '')))],
    ...(ca === undefined ? {} : { ca }),
    ...(auth === undefined ? {} : { readAuthorization: authorization(auth, where) }),
  };
}

function authorization(auth: z.infer<typeof authShape>, where: string): () => Promise<string> {
  if (auth.scheme === 'bearer') {
    const { token, tokenFile } = auth;
    return async () => `Bearer ${token ?? (await readSecret(tokenFile!, `${where}.auth.tokenFile`))}`;
  }
  const { username, password, passwordFile } = auth;
  return async () => {
    const word = password ?? (await readSecret(passwordFile!, `${where}.auth.passwordFile`));
    return `Basic ${Buffer.from(`${username}:${word}`).toString('base64')}`;
  };
}

async function readSecret(file: string, where: string): Promise<string> {
  // Editors and `echo` end a file with a newline that is no part of the secret.
  const text = (await readTextFile(file, where)).toString().replace(/\r?\n$/, '');
  if (text !== '' && !/[\r\n]/.test(text)) return text;
  throw new ConnectionError('configuration', `${where}: ${file} holds ${text === '' ? 'nothing' : 'several lines'}`, {
    where,
    file,
  });
}

// The value itself stays out of the messages: people put passwords into URLs.
function checkUrl(text: string, report: (message: string) => void): void {
  if (!URL.canParse(text)) return report('expected http://host:port or https://host:port, found no URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    report(`expected http:// or https://, found ${url.protocol}`);
  else if (url.username !== '' || url.password !== '') report('holds a user or password; use the field auth');
  else if (url.search !== '' || url.hash !== '') report('expected a path at most after the port');
}

import { Draws, recordSeed } from './draws.ts';

/** The event that the archives hold: about 300 bytes in Avro's binary form. */
export interface PageView {
  memberId: number | bigint | null;
  viewerUrn: string;
  /** Milliseconds since 1970 UTC. */
  time: number;
  server: string;
  service: string;
  /** 16 bytes. */
  guid: Uint8Array;
  /** TOPIC-PARTITION-OFFSET: no two records of an archive are equal, but for those that Camus archived twice. */
  eventId: string;
  pageKey: string;
  /** Index of a symbol of the writer schema. */
  action: number;
  durationMs: number;
  score: number;
  /** Any 64-bit number. */
  sessionId: number | bigint;
  referrer: string | null;
  userAgent: string | null;
  params: [string, string][];
  tags: string[];
  consented: boolean;
  /** In version 2 of the schema only. */
  campaign: string | null;
}

export interface PageViewPlace {
  topic: string;
  /** Seed of the topic. */
  seed: number;
  partition: number;
  /** Position in the partition, from 0. */
  index: number;
  offset: bigint;
  time: number;
}

const WORDS = ['home', 'jobs', 'search', 'inbox', 'profile', 'feed', 'groups', 'checkout', 'video', 'settings'];
const SERVICES = ['svc-feed', 'svc-search', 'svc-jobs', 'svc-mail', 'svc-identity', 'svc-ads'];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/38.0.2125.111 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10) AppleWebKit/600.1.25 (KHTML, like Gecko) Version/8.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 8_1 like Mac OS X) AppleWebKit/600.1.4 (KHTML, like Gecko) Mobile/12B411',
  'Mozilla/5.0 (X11; Linux x86_64; rv:33.0) Gecko/20100101 Firefox/33.0',
  'Opera/9.80 (Android; Opera Mini/7.5/35.5695; U; en) Presto/2.8.119 Version/11.10',
];
/** What breaks encoders: escapes, control characters, line separators, two, three and four bytes of UTF-8. */
const ODD_TEXTS = [
  'Grüße, café, naïve',
  '日本語の検索',
  'party 😀 \u{1F30D}',
  'quote " back\\slash /slash',
  'tab\tnewline\nreturn\rbell\u0007unit\u001Fdel\u007F',
  'line\u2028paragraph\u2029next\u0085',
  ' blanks at both ends ',
  '',
];

/** The record at a place: a function of its arguments alone. `version` is that of the writer schema. */
export function pageViewAt(place: PageViewPlace, version: 1 | 2): PageView {
  const draws = new Draws(recordSeed(place.seed ^ 0x5bd1e995, place.partition, place.index));
  const member = draws.below(90_000_000);
  const odd = draws.below(32) === 0;
  return {
    memberId: draws.below(4) === 0 ? null : odd ? 9007199254740993n + BigInt(member) : member,
    viewerUrn: `urn:li:member:${member}`,
    time: place.time,
    server: `app${draws.below(40)}.example.net`,
    service: draws.pick(SERVICES),
    guid: draws.bytes(16),
    eventId: `${place.topic}-${place.partition}-${place.offset}`,
    pageKey: odd ? draws.pick(ODD_TEXTS) : `${draws.pick(WORDS)}/${draws.pick(WORDS)}`,
    action: draws.below(version === 1 ? 3 : 4),
    durationMs: draws.below(600_000),
    score: scoreOf(draws),
    sessionId: sessionOf(draws),
    referrer: draws.below(5) < 2 ? null : `https://www.example.com/${draws.pick(WORDS)}/${draws.below(100_000)}`,
    userAgent: draws.below(10) === 0 ? null : draws.pick(AGENTS),
    params: paramsOf(draws, odd),
    tags: tagsOf(draws),
    consented: draws.below(2) === 0,
    campaign: version === 1 || draws.below(3) > 0 ? null : `autumn-${draws.below(500)}`,
  };
}

function scoreOf(draws: Draws): number {
  const kind = draws.below(16);
  if (kind === 0) return draws.below(1000);
  if (kind === 1) return (draws.below(1_000_000) + 1) / 1e10;
  if (kind === 2) return -(draws.below(1_000_000) + 1) * 1e9;
  return draws.below(1_000_000) / 1000;
}

function sessionOf(draws: Draws): number | bigint {
  const kind = draws.below(16);
  if (kind === 0) return (BigInt(draws.word() | 0) << 32n) | BigInt(draws.word());
  if (kind === 1) return -draws.word();
  return draws.below(0x1fffff) * 0x100000000 + draws.word();
}

function paramsOf(draws: Draws, odd: boolean): [string, string][] {
  const params: [string, string][] = [];
  const first = draws.below(WORDS.length);
  for (let count = draws.below(5); count > 0; count--)
    params.push([WORDS[(first + count) % WORDS.length] as string, `${draws.pick(WORDS)}-${draws.below(1000)}`]);
  if (odd) params.push(['q', draws.pick(ODD_TEXTS)]);
  return params;
}

function tagsOf(draws: Draws): string[] {
  const tags: string[] = [];
  for (let count = draws.below(3); count > 0; count--) tags.push(draws.pick(WORDS));
  return tags;
}

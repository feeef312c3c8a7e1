/** What gives a secret away: the name of its place, or how the text itself looks. */

/** Their values are secret whatever else the name says, and so is text anywhere below them. */
const strong = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'pw',
  'secret',
  'token',
  'credential',
  'cred',
  'bearer',
  'jwt',
];
/** Secret when the name ends with them, or with a word for how they are written down. */
const weak = [
  'auth',
  'authorization',
  'private',
  'webhook',
  'hook',
  'dsn',
  'connection',
  'conn',
  'cookie',
  'pass',
];
const alone = ['pin', 'otp', 'psk', 'salt', 'hmac', 'signature', 'apikey'];
/** `userpass` is secret, these are not. */
const passes = ['bypass', 'compass', 'encompass', 'overpass', 'surpass', 'trespass', 'underpass'];
/** `api_key` is secret, `sort_key` is not. */
const keys = [
  'api',
  'access',
  'private',
  'signing',
  'encryption',
  'master',
  'service',
  'account',
  'auth',
  'ssh',
  'gpg',
  'license',
  'client',
  'shared',
  'session',
];
const written = ['url', 'uri', 'string', 'str', 'endpoint', 'header', 'value', 'data', 'link'];
/** `token_ttl` tells something about a token. */
const about = [
  'ttl',
  'timeout',
  'count',
  'enabled',
  'required',
  'expiry',
  'expire',
  'expiration',
  'at',
  'length',
  'min',
  'max',
  'size',
  'limit',
  'type',
  'method',
  'mode',
  'policy',
  'algorithm',
  'day',
  'hour',
  'minute',
  'second',
  'sec',
  'ms',
  'start',
  'end',
  'format',
];

/** `strong` also for what lies below it; `weak` for the place itself; `about` says something of a secret. */
export type Suspicion = 'strong' | 'weak' | 'about' | 'none';

/** What the name of a property or of a config suggests. */
export function suspicionOf(name: string): Suspicion {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  const isStrong = words.some((word) => strong.some((known) => isForm(word, known)));
  if (isStrong) return about.includes(last) || words[0] === 'max' || words[0] === 'min' ? 'about' : 'strong';
  const isKey = last === 'key' && keys.includes(before);
  if (isKey || alone.includes(last)) return 'strong';
  if (/^(?:code|value)$/.test(last) && alone.includes(before)) return 'strong';
  if (/(?:(?:api|access|private|secret)key|sessionids?)$/.test(words.join(''))) return 'strong';
  const end = written.includes(last) ? before : last;
  return weak.includes(end) ? 'weak' : 'none';
}

/** Keys that lie in an object have its members for their names, which may say nothing: `keys.stripe`. */
export function isKeyring(name: string): boolean {
  return name.toLowerCase() === 'keys';
}

/** `accessToken`, `access_token`, `ACCESS-TOKENS` → access, token. Long plurals lose their s. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word));
}

/** The word itself, or one with something in front: `authtoken`. Short ones occur within other words. */
function isForm(word: string, known: string): boolean {
  if (word.startsWith('passw') || (/.pass$/.test(word) && !passes.includes(word))) return true;
  return word === known || (known.length > 4 && word.endsWith(known));
}

/** How tokens of well-known makers begin, and what else can be nothing but a secret. */
const telltales: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]+-----/,
  /\beyJ[\w-]{10,}/,
  /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}/,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|shpat_|npm_|pypi-|dop_v1_|hf_|SG\.)[\w.-]{10,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bAIza[\w-]{30,}/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]*:[^\s/?#@]*@/i,
  /[?&](?:[\w-]*(?:token|secret|key|sig|signature|password|code))=[^&\s]{4,}/i,
  // `password=hunter2`, `"api_key": "…"`, also where the quotes are escaped.
  /(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|(?:api|access|private|secret)[_-]?key)(?:\\*["'])?\s{0,9}[=:]\s{0,9}(?:\\*["'])?(?!(?:true|false|null|none)\b)[^\s\\"'&,;{}[\]()<>]{3,}/i,
  /\b(?:Basic|Bearer)\s+[\w+/.=~-]{8,}/,
  /https?:\/\/(?:hooks\.|hook\.|[^/\s]*\/(?:api\/)?webhooks?\/)[^\s]{12,}/i,
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Long text is looked at in windows, so that the work stays linear in its length. */
const WINDOW = 2048;
/** Characters that two windows share: longer than what gives most secrets away. */
const SHARED = 256;

/** True when a text is, or holds, something that somebody could log in with. */
export function looksSecret(text: string): boolean {
  for (let start = 0; start === 0 || start + SHARED < text.length; start += WINDOW - SHARED) {
    if (holdsSecret(text.slice(start, start + WINDOW))) return true;
  }
  return false;
}

function holdsSecret(text: string): boolean {
  if (telltales.some((telltale) => telltale.test(text))) return true;
  const pieces = text.split(/[^\w+.~-]+/u);
  // In a URL an id is what lets in whoever knows it; by itself it is but an id.
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (/^[A-Za-z0-9+/]{32,}=*$/.test(text) && isRandom(text.replace(/[/=]/g, '+'))) return true;
  return pieces.some((piece) => (isUrl && UUID.test(piece)) || isRandom(piece));
}

/** Characters below which chance looks like anything else. */
const SHORTEST = 20;
/** Bits per character. English words have less when they are that short, random hexadecimal digits more. */
const LEAST_ENTROPY = 3;
/** How often letters, capitals and digits take turns: rarely in names, all the time in what was drawn by lot. */
const LEAST_TURNS = 0.2;

function isRandom(text: string): boolean {
  if (text.length < SHORTEST || !/^[\w+.~-]+$/.test(text) || UUID.test(text)) return false;
  return /\d/.test(text) && entropyOf(text) >= LEAST_ENTROPY && turnsOf(text) / text.length >= LEAST_TURNS;
}

function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function turnsOf(text: string): number {
  const kinds = text
    .replace(/[A-Z]?[a-z]{3,}|[a-z]/g, 'a')
    .replace(/[A-Z]/g, 'A')
    .replace(/\d/g, '0')
    .replace(/[^aA0]/g, '');
  return kinds.replace(/(.)\1*/g, '$1').length - 1;
}

/** Numbers, ids, dates, addresses: data wherever they stand. */
export function isId(text: string): boolean {
  return (
    /^\d+$/.test(text) ||
    UUID.test(text) ||
    (/^[0-9a-f]{8,}$/i.test(text) && /\d/.test(text)) ||
    /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ||
    /^\d{4}-\d{2}(?:-\d{2})?$/.test(text) ||
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ||
    looksSecret(text)
  );
}

/** The value of the hidden input of that name; undefined when there is none with one. */
export function hiddenInput(html: string, name: string): string | undefined {
  return (
    tags(html, 'input')
      .find((input) => input.get('name') === name)
      ?.get('value') || undefined
  );
}

/** What the page says in `<meta name="…" content="…">`; undefined when it doesn't. */
export function metaContent(html: string, name: string): string | undefined {
  return (
    tags(html, 'meta')
      .find((meta) => meta.get('name') === name)
      ?.get('content') || undefined
  );
}

/** Attributes of one tag, by their names in lower case. */
type Attributes = ReadonlyMap<string, string>;

/** Elements whose content is text, whatever it looks like. */
const rawText: readonly string[] = ['script', 'style', 'textarea', 'title'];

/** More attributes than a tag has in earnest. */
const MOST_ATTRIBUTES = 100;

/**
 * The tags of that name that a page opens, in their order. Only so much of HTML is understood as finds a hidden
 * input: comments and scripts are passed over, broken ends end the search. Each character is looked at a bounded
 * number of times.
 */
function tags(html: string, wanted: string): readonly Attributes[] {
  const found: Attributes[] = [];
  // Only ASCII, so that offsets hold: of some other letters the small one is longer.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  let offset = html.indexOf('<');
  while (offset !== -1) {
    let end = offset + 1;
    if (html.startsWith('<!--', offset)) {
      end = html.indexOf('-->', offset + 4);
      if (end === -1) return found;
    } else if (isLetter(html.charCodeAt(offset + 1))) {
      const tag = tagAt(html, offset + 1);
      if (tag === undefined) return found;
      if (tag.name === wanted) found.push(tag.attributes);
      end = rawText.includes(tag.name) ? lower.indexOf(`</${tag.name}`, tag.end) : tag.end;
      if (end === -1) return found;
    }
    offset = html.indexOf('<', end);
  }
  return found;
}

interface Tag {
  readonly name: string;
  readonly attributes: Attributes;
  /** UTF-16 units: behind its `>`. */
  readonly end: number;
}

/** The tag whose name begins here; undefined when the page ends in it. */
function tagAt(html: string, start: number): Tag | undefined {
  const nameEnd = runUntil(html, start, ' \t\n\f\r/>');
  const name = html.slice(start, nameEnd).toLowerCase();
  const attributes = new Map<string, string>();
  let offset = nameEnd;
  while (offset < html.length) {
    offset = runOf(html, offset, ' \t\n\f\r/');
    if (html[offset] === '>') return { name, attributes, end: offset + 1 };
    // A name may begin with an equals sign, strange as it is: so each turn gets on.
    const attributeEnd = runUntil(html, offset + 1, ' \t\n\f\r/>=');
    const attribute = html.slice(offset, attributeEnd).toLowerCase();
    const value = valueAt(html, runOf(html, attributeEnd, ' \t\n\f\r'));
    offset = value?.end ?? attributeEnd;
    if (!attributes.has(attribute) && attributes.size < MOST_ATTRIBUTES) {
      attributes.set(attribute, unescaped(value?.text ?? ''));
    }
  }
  return undefined;
}

/** The value behind the equals sign that stands here, if one does. */
function valueAt(html: string, equals: number): { readonly text: string; readonly end: number } | undefined {
  if (html[equals] !== '=') return undefined;
  const start = runOf(html, equals + 1, ' \t\n\f\r');
  const quote = html[start];
  if (quote !== '"' && quote !== "'") {
    const end = runUntil(html, start, ' \t\n\f\r>');
    return { text: html.slice(start, end), end };
  }
  const end = html.indexOf(quote, start + 1);
  return end === -1 ? { text: '', end: html.length } : { text: html.slice(start + 1, end), end: end + 1 };
}

function runOf(html: string, start: number, characters: string): number {
  let offset = start;
  while (offset < html.length && characters.includes(html.charAt(offset))) offset += 1;
  return offset;
}

function runUntil(html: string, start: number, characters: string): number {
  let offset = start;
  while (offset < html.length && !characters.includes(html.charAt(offset))) offset += 1;
  return offset;
}

function isLetter(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Character references that a template engine writes; others stay as they are. */
function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, decimal, hex, word) => {
      if (word !== undefined) return Object.hasOwn(named, word) ? (named[word] ?? whole) : whole;
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}

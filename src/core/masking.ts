/** Hides secrets in text that somebody else wrote. */

const HIDDEN = '‹hidden›';
/** Characters of a piece of a secret that is worth hiding. */
const SHORTEST_PIECE = 4;

/**
 * Replaces every occurrence of a secret, as it is and as JSON and URLs spell it, the longest first. What is cut off at
 * either end of the text may be the rest of one, and is hidden too.
 */
export function masker(secrets: Iterable<string>): (text: string) => string {
  const spellings = [...new Set([...secrets].flatMap(spellingsOf))]
    .filter((spelling) => spelling !== '')
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const masked = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, HIDDEN), text);
    const head = Math.max(0, ...spellings.map((spelling) => pieceAtStart(spelling, masked)));
    const tail = Math.max(0, ...spellings.map((spelling) => pieceAtEnd(spelling, masked.slice(head))));
    const middle = masked.slice(head, masked.length - tail);
    return `${head > 0 ? HIDDEN : ''}${middle}${tail > 0 ? HIDDEN : ''}`;
  };
}

function spellingsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  // As Python spells JSON by default.
  const ascii = json.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [secret, json, ascii, encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd'))];
}

/** The length of the longest end of a spelling that the text begins with; 0 when there is none worth hiding. */
function pieceAtStart(spelling: string, text: string): number {
  for (let length = Math.min(spelling.length - 1, text.length); length >= SHORTEST_PIECE; length -= 1) {
    if (text.startsWith(spelling.slice(-length))) return length;
  }
  return 0;
}

function pieceAtEnd(spelling: string, text: string): number {
  for (let length = Math.min(spelling.length - 1, text.length); length >= SHORTEST_PIECE; length -= 1) {
    if (text.endsWith(spelling.slice(0, length))) return length;
  }
  return 0;
}

import {
  Composer,
  type Document,
  type ErrorCode,
  Lexer,
  type LineCounter,
  Parser,
  type YAMLError,
} from 'yaml';
import { count, type Phrase, phrase } from '../../core/phrase.ts';
import type { Misplaced } from './mistake.ts';

/** Containers within one another. */
const DEEPEST = 64;
/** What the parser stacks beside them: the document, and the scalar that it is at. */
const BESIDE = 2;
/** Pieces of text that are parsed: brackets, words, blanks. A manifest of a thousand configs has half as many. */
const MOST_PIECES = 200_000;

/** What is wrong with text that isn't YAML, in our words: those of the library quote it. */
const words: Readonly<Record<ErrorCode, Phrase>> = {
  ALIAS_PROPS: phrase`an alias takes neither an anchor nor a tag`,
  BAD_ALIAS: phrase`this is no name of an anchor`,
  BAD_COLLECTION_TYPE: phrase`the tag and what it stands before don't fit`,
  BAD_DIRECTIVE: phrase`this is no directive of YAML`,
  BAD_DQ_ESCAPE: phrase`this is no escape in double quotes; in single quotes a backslash is only a backslash`,
  BAD_INDENT: phrase`this is indented too little or too much, or a bracket before it isn't closed`,
  BAD_PROP_ORDER: phrase`anchors and tags belong behind the mark of the item`,
  BAD_SCALAR_START: phrase`text can't begin with this character: put it in quotes`,
  BLOCK_AS_IMPLICIT_KEY: phrase`a name and its value can't follow another on the same line`,
  BLOCK_IN_FLOW: phrase`inside of brackets, lists and mappings have brackets too; or a comma is missing`,
  DUPLICATE_KEY: phrase`this name is there already`,
  IMPOSSIBLE: phrase`this isn't YAML`,
  KEY_OVER_1024_CHARS: phrase`a name can't be longer than 1024 characters`,
  MISSING_CHAR: phrase`something is missing here: a colon, a comma, a blank, a quote or a bracket`,
  MULTILINE_IMPLICIT_KEY: phrase`a name has to be on one line, with a colon behind it`,
  MULTIPLE_ANCHORS: phrase`this has an anchor already`,
  MULTIPLE_DOCS: phrase`a manifest is one document, and here a second one begins`,
  MULTIPLE_TAGS: phrase`this has a tag already`,
  NON_STRING_KEY: phrase`only text can be a name here`,
  RESOURCE_EXHAUSTION: phrase`this is nested too deeply`,
  TAB_AS_INDENT: phrase`YAML is indented with blanks, not with tabs`,
  TAG_RESOLVE_FAILED: phrase`the manifest knows no such tag`,
  UNEXPECTED_TOKEN: phrase`this doesn't belong here`,
};

export type Parsed =
  | { readonly ok: true; readonly contents: Document.Parsed['contents'] }
  | { readonly ok: false; readonly mistakes: readonly Misplaced[] };

/**
 * Reads YAML, of which JSON is a part. The work is bounded before the library composes anything, because it
 * recurses: what is nested too deeply would end the process, and not by an exception.
 */
export function parseYaml(text: string, lines: LineCounter): Parsed {
  const bounded = tokensOf(text, lines);
  if (!bounded.ok) return { ok: false, mistakes: [bounded.mistake] };
  // Types and tags are those of JSON, whatever `%YAML` says; a name is text; names are compared when they are placed.
  const composer = new Composer({
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    merge: false,
  });
  const documents = [...composer.compose(bounded.tokens, true, text.length)];
  const [document, another] = documents;
  const faults = documents.flatMap(({ errors, warnings }): readonly YAMLError[] => [...errors, ...warnings]);
  const mistakes = faults.map(({ code, pos: [at] }) => ({ at, said: words[code] }));
  if (another !== undefined) mistakes.push({ at: another.range[0], said: words.MULTIPLE_DOCS });
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, contents: document?.contents ?? null };
}

type Token = ReturnType<Parser['next']> extends Iterable<infer Item> ? Item : never;

type Bounded =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly mistake: Misplaced };

function tokensOf(text: string, lines: LineCounter): Bounded {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: Token[] = [];
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    pieces += 1;
    if (pieces > MOST_PIECES)
      return refused(parser.offset, phrase`there is more in this file than in any manifest`);
    if (parser.stack.length > DEEPEST + BESIDE) {
      return refused(parser.offset, phrase`this is nested more than ${count(DEEPEST, 'level')} deep`);
    }
    for (const token of parser.next(piece)) tokens.push(token);
  }
  return { ok: true, tokens: [...tokens, ...parser.end()] };
}

function refused(at: number, said: Phrase): Bounded {
  return { ok: false, mistake: { at, said } };
}

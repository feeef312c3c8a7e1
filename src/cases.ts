import { decodeBytes, wordFlaw } from './core/decode.ts';
import type { CaseEvidence, ConfigSpec } from './core/evidence.ts';
import { isObject, type Json, type JsonObject } from './core/json.ts';
import { code, type Known, type Phrase, phrase } from './core/phrase.ts';
import type { FileContent, Files } from './core/ports.ts';

/** Every case in a folder, by name. What should be one and isn't, is told as broken. */
export async function readCases(
  { folder, isNamed }: ConfigSpec['cases'],
  files: Files,
): Promise<readonly CaseEvidence[]> {
  const content = await files.list(folder);
  switch (content.kind) {
    case 'missing':
      return isNamed ? [broken(folder, phrase`the folder is not there`)] : [];
    case 'unreadable':
      return [broken(folder, phrase`the folder cannot be read (${code(content.why)})`)];
    case 'listed': {
      const paths = content.paths.filter((path) => path.endsWith('.json'));
      return Promise.all(paths.map(async (path) => caseOf(path, await files.read(path))));
    }
  }
}

function caseOf(path: Known, content: FileContent): CaseEvidence {
  if (content.kind === 'missing') return broken(path, phrase`the file is not there`);
  if (content.kind === 'unreadable') return broken(path, phrase`it cannot be read (${code(content.why)})`);
  const decoded = decodeBytes(content.bytes);
  const [flaw] = decoded.flaws;
  if (!decoded.ok || flaw !== undefined) return broken(path, wordFlaw(flaw));
  return understood(path, decoded.value);
}

const members: ReadonlySet<string> = new Set(['$schema', 'expect', 'why', 'value']);

/** A member that nobody knows may be a misspelled one, so it isn't passed over. */
function understood(path: Known, document: Json): CaseEvidence {
  if (!isObject(document)) return broken(path, phrase`it is no object`);
  const [expected, why, value] = ['expect', 'why', 'value'].map((name) => own(document, name));
  if (expected !== 'valid' && expected !== 'invalid') {
    return broken(path, phrase`${code('expect')} is neither ${code('valid')} nor ${code('invalid')}`);
  }
  if (value === undefined) return broken(path, phrase`${code('value')} is missing`);
  if (why !== undefined && typeof why !== 'string') {
    return broken(path, phrase`${code('why')} is no text`);
  }
  if (Object.keys(document).some((name) => !members.has(name))) {
    return broken(
      path,
      phrase`it has a member besides ${code('expect')}, ${code('why')} and ${code('value')}`,
    );
  }
  return { kind: 'known', path, expected, value };
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function broken(path: Known, why: Phrase): CaseEvidence {
  return { kind: 'broken', path, why };
}

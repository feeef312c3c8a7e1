import { type Decoded, decodeBytes, wordFlaw } from './core/decode.ts';
import type { Validate } from './core/evidence.ts';
import { code, count, type Known, name, type Phrase, phrase } from './core/phrase.ts';
import { formatPointer } from './core/pointer.ts';
import { fromPublished, type Published } from './core/published.ts';
import type { Report } from './core/verdict.ts';
import { readSchema, type Sources } from './gather.ts';

export type Received =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

export interface Foreign {
  readonly path: Known;
  /** The schema of reports. */
  readonly schema: Known;
  /** Bytes that a report may have. */
  readonly maxBytes: number;
}

/** Takes a report that another run wrote, which may be anyone's: what isn't to the letter of the schema is refused. */
export async function receive(
  { path, schema, maxBytes }: Foreign,
  ports: Pick<Sources, 'files' | 'compiler'>,
): Promise<Received> {
  const contract = await readSchema([schema], ports);
  if (contract.kind !== 'compiled') throw new Error('the schema of reports cannot be used');
  const content = await ports.files.read(path);
  switch (content.kind) {
    case 'missing':
      return {
        ok: false,
        said: phrase`there is no report ${code(path)}`,
        advice: phrase`let the first workflow upload the file that its output ${code('report-path')} names, also when it fails, and download it before this step`,
      };
    case 'unreadable':
      return {
        ok: false,
        said: phrase`the report ${code(path)} cannot be read: ${code(content.why)}`,
        advice: phrase`check the path and its permissions`,
      };
    case 'read':
      return content.bytes.length > maxBytes
        ? refused(
            path,
            phrase`it has ${count(content.bytes.length, 'byte')}, more than ${code('max-bytes')} allows`,
          )
        : read(path, decodeBytes(content.bytes), contract.validate);
  }
}

function read(path: Known, decoded: Decoded, validate: Validate): Received {
  const [flaw] = decoded.flaws;
  if (!decoded.ok || flaw !== undefined) {
    return refused(path, wordFlaw(flaw));
  }
  const violations = attempt(() => validate(decoded.value));
  if (violations === undefined) return refused(path, phrase`it takes too long to validate`);
  const [first] = violations;
  if (first === undefined) return { ok: true, report: fromPublished(decoded.value as unknown as Published) };
  const place = name(formatPointer(first.pointer).slice(0, LONGEST_PLACE) || '/');
  return refused(
    path,
    phrase`it breaks the schema of reports in ${count(violations.length, 'place')}, first at ${place}`,
  );
}

/** A validation that breaks off has not found the report to be one. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

const LONGEST_PLACE = 200;

function refused(path: Known, why: Phrase): Received {
  return {
    ok: false,
    said: phrase`${code(path)} is no report of the guardian: ${why}`,
    advice: phrase`both workflows need the same version of the action`,
  };
}

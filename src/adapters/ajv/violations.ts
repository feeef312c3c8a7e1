import type { ErrorObject } from 'ajv';
import type { Violation } from '../../core/evidence.ts';
import { type Pointer, parsePointer } from '../../core/pointer.ts';
import { CONTAINS, COUNTS, NEVER, PLACE } from './words.ts';

/** A failed `anyOf` or `oneOf` whose errors are still being read. */
interface Frame {
  /** Its schema path as Ajv spells it: unique among the frames that are open at the same level. */
  readonly path: string;
  readonly branches: (readonly Violation[])[];
  branch: Violation[];
}

/** Puts the flat errors of a prepared schema (see `prepare`) back into a tree. */
export function readErrors(errors: readonly ErrorObject[]): readonly Violation[] {
  const result: Violation[] = [];
  const open: Frame[] = [];
  for (const error of errors) {
    const frame = open.at(-1);
    const current = frame?.branch ?? result;
    const begun = beginMarker.exec(error.schemaPath)?.[1];
    if (begun !== undefined && error.keyword === 'false schema') {
      open.push({ path: begun, branches: [], branch: [] });
    } else if (frame !== undefined && isEndOfBranch(error, frame)) {
      frame.branches.push(frame.branch);
      frame.branch = [];
    } else if (frame !== undefined && error.schemaPath === frame.path) {
      open.pop();
      const outer = open.at(-1)?.branch ?? result;
      outer.push({ ...violationOf(error), branches: frame.branches });
    } else if (!repeats.has(error.keyword)) current.push(violationOf(error));
  }
  return result;
}

/** Keywords that only repeat what the errors before them said. */
const repeats: ReadonlySet<string> = new Set(['propertyNames', 'if', CONTAINS]);

const beginMarker = /^(.*\/(?:anyOf|oneOf))\/0\/false schema$/;
const endMarker = /^(.*\/(?:anyOf|oneOf))\/[1-9]\d*\/anyOf$/;

function isEndOfBranch({ keyword, schemaPath }: ErrorObject, frame: Frame): boolean {
  return keyword === 'anyOf' && endMarker.exec(schemaPath)?.[1] === frame.path;
}

function violationOf(error: ErrorObject): Violation {
  const { propertyName } = error;
  const never = error.parentSchema?.[NEVER] === true;
  const counts: ErrorObject['params'] | undefined = error.parentSchema?.[COUNTS];
  const keyword = never ? 'false schema' : counts === undefined ? error.keyword : 'contains';
  const pointer = parsePointer(error.instancePath) ?? [];
  const named = propertyName ?? nameInParams(error);
  return {
    pointer: named === undefined ? pointer : [...pointer, named],
    keyword,
    schemaPointer: never ? placeOf(error) : [...placeOf(error), keyword],
    params: counts ?? (keyword === 'oneOf' ? withoutMarker(error.params) : error.params),
    ...(propertyName === undefined ? {} : { aboutName: true as const }),
  };
}

/** The property that an object should not have is the place to point at. */
function nameInParams({ params }: ErrorObject): string | undefined {
  const name: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof name === 'string' ? name : undefined;
}

function placeOf({ parentSchema }: ErrorObject): Pointer {
  const place: unknown = parentSchema?.[PLACE];
  return (typeof place === 'string' ? parsePointer(place) : undefined) ?? [];
}

/** The begin-marker is the first branch, so Ajv counts one too many. */
function withoutMarker(params: ErrorObject['params']): ErrorObject['params'] {
  const passing: unknown = params['passingSchemas'];
  if (!Array.isArray(passing)) return params;
  return { passingSchemas: passing.map((index) => Number(index) - 1) };
}

import { type Json, sameJson } from '../core/json.ts';
import { formatPointer } from '../core/pointer.ts';
import { compareApplicators } from './change-applicators.ts';
import { compareArrays } from './change-arrays.ts';
import { Forms } from './change-form.ts';
import {
  type ChangeKind,
  composed,
  type Effect,
  type SchemaChange,
  type Sense,
  through,
} from './change-kind.ts';
import { compareObjects } from './change-objects.ts';
import { byName, type Pair } from './change-pair.ts';
import { read } from './change-reading.ts';
import { compareReferences, throughReference } from './change-references.ts';
import { compareRemarks } from './change-remarks.ts';
import { compareScalars } from './change-scalars.ts';
import { type Place, pointerTo, Source } from './change-source.ts';

/** Nobody reads more changes than these. */
const MOST_CHANGES = 500;

/** Pairs of schemas at most: recursive ones that are built differently meet in many ways. */
const MOST_PAIRS = 20_000;

/** A pair of schemas that was compared, or will be. */
interface Node {
  readonly before: Place;
  readonly after: Place;
  readonly changes: { readonly kind: ChangeKind; before: Place; after: Place; effect: Effect }[];
  /** The pairs inside of it or referred to, and what they do to it. */
  readonly parts: { readonly node: Node; readonly sense: Sense }[];
  /** What it does to the documents; undefined as long as nothing is known that leads to it. */
  sense: Sense | undefined;
}

/** Goes through both documents at once, every pair of schemas once, however many references lead to it. */
export class Walk {
  readonly #before: Source;
  readonly #after: Source;
  readonly #meanings = new Forms('meaning');
  readonly #texts = new Forms('text');
  readonly #nodes = new Map<string, Node>();
  /** Last in, first out, so that neither long chains of references nor deep documents use up the stack. */
  readonly #pending: Node[] = [];
  /** Definitions come when all that may refer to them is known. */
  readonly #definitions: Node[] = [];
  #found = 0;
  #isExhausted = false;

  constructor(before: Json, after: Json) {
    this.#before = new Source(before);
    this.#after = new Source(after);
  }

  /** All changes, or the first ones and that there are more. */
  run(): { readonly changes: readonly SchemaChange[]; readonly isCut: boolean } {
    if (sameJson(this.#before.root.json, this.#after.root.json)) return { changes: [], isCut: false };
    const root = this.#node(this.#before.root, this.#after.root);
    const visited: Node[] = [];
    const definitions: Node[] = [];
    for (;;) {
      const definition = this.#pending.length === 0 ? this.#definitions.shift() : undefined;
      if (definition !== undefined) definitions.push(definition);
      const node = this.#pending.pop() ?? definition;
      if (node === undefined) break;
      visited.push(node);
      this.#visit(node);
    }
    lead([root], 'direct');
    // What both documents refer to, though not from places that correspond, may do anything.
    lead(
      definitions.filter(
        ({ sense, before, after }) =>
          sense === undefined && this.#before.isReferenced(before) && this.#after.isReferenced(after),
      ),
      'either',
    );
    const changes = visited.flatMap(({ changes: own, sense }) =>
      own.map((change): SchemaChange => {
        const effect =
          sense === undefined ? 'none' : through(this.#isExhausted ? 'either' : sense, change.effect);
        return {
          kind: change.kind,
          before: pointerTo(change.before),
          after: pointerTo(change.after),
          effect,
        };
      }),
    );
    return { changes, isCut: this.#isExhausted || this.#found > MOST_CHANGES };
  }

  #node(before: Place, after: Place, waiting: Node[] = this.#pending): Node | undefined {
    const key = JSON.stringify([before, after].map((place) => formatPointer(pointerTo(place))));
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.size >= MOST_PAIRS) {
      this.#isExhausted = true;
      return undefined;
    }
    const node: Node = { before, after, changes: [], parts: [], sense: undefined };
    this.#nodes.set(key, node);
    waiting.push(node);
    return node;
  }

  #visit(node: Node): void {
    const waiting = this.#pending.length;
    this.#compare(node);
    // What came first is to be told first.
    this.#pending.push(...this.#pending.splice(waiting).reverse());
  }

  #compare(node: Node): void {
    const pair = this.#pair(node);
    const [was, is] = [node.before.json, node.after.json];
    const way = throughReference(pair);
    if (way !== undefined) pair.follow(...way, 'direct');
    else if (was === false || is === false) {
      if (is !== false) pair.report('value-allowed', node.before, node.after, 'widens');
      if (was !== false) pair.report('value-forbidden', node.before, node.after, 'narrows');
    } else {
      compareScalars(pair);
      compareObjects(pair);
      compareArrays(pair);
      compareApplicators(pair);
      compareReferences(pair);
      compareRemarks(pair);
    }
    this.#compareDefinitions(pair);
  }

  #pair(node: Node): Pair {
    return {
      before: read(node.before, this.#before),
      after: read(node.after, this.#after),
      meanings: this.#meanings,
      texts: this.#texts,
      report: (kind, before, after, effect) => {
        this.#found += 1;
        if (this.#found <= MOST_CHANGES) node.changes.push({ kind, before, after, effect });
      },
      follow: (before, after, sense) => {
        const part = this.#node(before, after);
        if (part !== undefined) node.parts.push({ node: part, sense });
      },
    };
  }

  /** What is referred to is reported where it is used, as far as it isn't the same under another name. */
  #compareDefinitions({ before, after, report }: Pair): void {
    byName(before.definitions, after.definitions, {
      removed: (place) => {
        if (!this.#before.isReferenced(place)) report('definition-removed', place, after.place, 'none');
      },
      added: (place) => {
        if (!this.#after.isReferenced(place)) report('definition-added', before.place, place, 'none');
      },
      kept: (was, is) => {
        this.#node(was, is, this.#definitions);
      },
    });
  }
}

/** Carries a sense from pairs to all that they lead to. */
function lead(from: readonly (Node | undefined)[], sense: Sense): void {
  const waiting = from.flatMap((node) => (node === undefined ? [] : [{ node, sense }]));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, sense: coming } = next;
    const joined = node.sense === undefined || node.sense === coming ? coming : 'either';
    if (joined === node.sense) continue;
    node.sense = joined;
    for (const part of node.parts) waiting.push({ node: part.node, sense: composed(joined, part.sense) });
  }
}

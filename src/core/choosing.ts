import { NONE, outOfOrder } from './alignment.ts';
import type { DifferenceOptions } from './difference.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import { below, isCovered, Pairing, type Place, rootOf, step } from './pairing.ts';
import type { Pattern } from './pointer.ts';

export interface ChoiceOptions extends DifferenceOptions {
  /** Places to which the choice is restricted; with none at all nothing is chosen. Absent for everything. */
  readonly only?: readonly Pattern[];
}

/** Covers every place. */
const EVERYTHING: readonly Pattern[] = [[]];

/**
 * Carries those of the `difference`s from ours to wanted out on ours whose place (see `placeOfDifference`) is chosen;
 * with everything chosen, ours becomes the same as wanted apart from what is ignored, which stays as it is in ours.
 * What is added as a whole comes whole, unless only a part of it is chosen: that part then comes in new objects, as far
 * as the way there leads through objects. Nothing else is split.
 *
 * Members keep the order of ours, new ones follow in that of wanted. Added and moved items go behind their nearest
 * predecessor in wanted that is there. The index of an item is one of the documents given: once something is carried
 * out, the same choice may mean another item. The documents given are not modified; the result shares values with them.
 */
export function choose(ours: Json, wanted: Json, { only, ...options }: ChoiceOptions): Json {
  const root: Side = { place: rootOf(options.ignore), only: only ?? EVERYTHING };
  return new Choosing(new Pairing(options.identity)).bring(ours, wanted, root, root);
}

/** What `choose` does with everything, for values inside two documents. */
export function bring(ours: Json, wanted: Json, oursAt: Place, wantedAt: Place, pairing: Pairing): Json {
  const side = (place: Place): Side => ({ place, only: EVERYTHING });
  return new Choosing(pairing).bring(ours, wanted, side(oursAt), side(wantedAt));
}

/** A place in one of the two documents, and what is left there of the patterns of the choice. */
interface Side {
  readonly place: Place;
  readonly only: readonly Pattern[];
}

function inside({ place, only }: Side, token: string | number): Side {
  return { place: step(place, token), only: below(only, token) };
}

/** Whether to adopt what only one side has. */
function isChosen({ place, only }: Side): boolean {
  return isCovered(only) && !isCovered(place.ignore);
}

/** Whether to adopt a change or a move. */
function isChosenFrom(oursAt: Side, wantedAt: Side): boolean {
  return isCovered(wantedAt.only) && !(isCovered(oursAt.place.ignore) && isCovered(wantedAt.place.ignore));
}

class Choosing {
  readonly #pairing: Pairing;

  constructor(pairing: Pairing) {
    this.#pairing = pairing;
  }

  bring(ours: Json, wanted: Json, oursAt: Side, wantedAt: Side): Json {
    if (ours === wanted || this.#pairing.areKnownSame(ours, wanted)) return ours;
    if (isArray(ours) && isArray(wanted)) return this.#bringItems(ours, wanted, oursAt, wantedAt);
    if (isObject(ours) && isObject(wanted)) return this.#bringMembers(ours, wanted, oursAt, wantedAt);
    return isChosenFrom(oursAt, wantedAt) ? wanted : ours;
  }

  #bringMembers(ours: JsonObject, wanted: JsonObject, oursAt: Side, wantedAt: Side): JsonObject {
    const members: [string, Json][] = [];
    for (const name of Object.keys(ours)) {
      const value = ours[name] as Json;
      const place = inside(oursAt, name);
      if (Object.hasOwn(wanted, name)) {
        members.push([name, this.bring(value, wanted[name] as Json, place, inside(wantedAt, name))]);
      } else if (!isChosen(place)) members.push([name, value]);
    }
    for (const name of Object.keys(wanted)) {
      if (Object.hasOwn(ours, name)) continue;
      const part = chosenPart(wanted[name] as Json, inside(wantedAt, name));
      if (part !== undefined) members.push([name, part]);
    }
    return Object.fromEntries(members);
  }

  #bringItems(ours: readonly Json[], wanted: readonly Json[], oursAt: Side, wantedAt: Side): readonly Json[] {
    const partners = this.#pairing.partners(ours, wanted, oursAt.place, wantedAt.place);
    const moved = outOfOrder(partners);
    const stays = ours.map((_, index) => !isChosen(inside(oursAt, index)));
    const values = [...ours];
    /** What comes behind an item of ours, by its index; at the front, behind `NONE`. */
    const behind = new Map<number, Json[]>();
    let predecessor = NONE;
    const put = (value: Json) => {
      const followers = behind.get(predecessor);
      if (followers) followers.push(value);
      else behind.set(predecessor, [value]);
    };
    for (const [index, item] of wanted.entries()) {
      const partner = partners[index] as number;
      const place = inside(wantedAt, index);
      if (partner === NONE) {
        if (isChosen(place)) put(item);
        continue;
      }
      const partnerPlace = inside(oursAt, partner);
      const value = this.bring(ours[partner] as Json, item, partnerPlace, place);
      const moves = moved.has(index) && isChosenFrom(partnerPlace, place);
      stays[partner] = !moves;
      values[partner] = value;
      if (moves) put(value);
      else predecessor = partner;
    }
    const followers = (index: number) => behind.get(index) ?? [];
    return followers(NONE).concat(
      values.flatMap((value, index) => (stays[index] ? [value, ...followers(index)] : [])),
    );
  }
}

/** What of an added value is chosen, if anything. */
function chosenPart(value: Json, place: Side): Json | undefined {
  if (isChosen(place)) return value;
  if (place.only.length === 0 || isCovered(place.place.ignore) || !isObject(value)) return undefined;
  const members: [string, Json][] = [];
  for (const name of Object.keys(value)) {
    const part = chosenPart(value[name] as Json, inside(place, name));
    if (part !== undefined) members.push([name, part]);
  }
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

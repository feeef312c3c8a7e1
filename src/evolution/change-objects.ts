import { isArray } from '../core/json.ts';
import { declaring, declaringPattern } from './change-content.ts';
import { isAnything } from './change-form.ts';
import { inverse } from './change-kind.ts';
import { adding, byName, type Pair } from './change-pair.ts';
import { keywordPlace, listAt, mapAt, type Reading, schemaAt } from './change-reading.ts';
import { compareRest } from './change-rest.ts';
import { type Place, step } from './change-source.ts';

/** What is asked of objects. */
export function compareObjects(pair: Pair): void {
  compareRequired(pair);
  compareProperties(pair);
  comparePatterns(pair);
  for (const [keyword, stem] of [
    ['additionalProperties', 'additional-properties'],
    ['unevaluatedProperties', 'unevaluated-properties'],
  ] as const) {
    compareRest(pair, stem, schemaAt(pair.before, keyword), schemaAt(pair.after, keyword));
  }
  compareNames(pair);
  compareDependencies(pair);
}

function compareRequired(pair: Pair): void {
  const { before, after } = pair;
  byName(requiredOf(before), requiredOf(after), {
    added: (place, name) =>
      pair.report(requirement(after, name, 'added'), keywordPlace(before, 'required'), place, 'narrows'),
    removed: (place, name) =>
      pair.report(requirement(before, name, 'removed'), place, keywordPlace(after, 'required'), 'widens'),
  });
}

function requiredOf(reading: Reading): ReadonlyMap<string, Place> {
  return new Map(listAt(reading, 'required').map((place) => [String(place.json), place]));
}

/** A name that nobody declares may be anything, but it has to be there. */
function requirement<const Way extends 'added' | 'removed'>(reading: Reading, name: string, way: Way) {
  const isDeclared = mapAt(reading, 'properties').has(name);
  return isDeclared ? (`property-required-${way}` as const) : (`required-undeclared-${way}` as const);
}

/** An addition is judged by what ruled the name before, a removal by what rules it now. */
function compareProperties(pair: Pair): void {
  const { before, after } = pair;
  const keyword = 'properties';
  byName(mapAt(before, keyword), mapAt(after, keyword), {
    added: (place, name) => {
      const effect = declaring(pair, before, name, place.json);
      pair.report('property-added', keywordPlace(before, keyword), place, effect);
    },
    removed: (place, name) => {
      const effect = inverse(declaring(pair, after, name, place.json));
      pair.report('property-removed', place, keywordPlace(after, keyword), effect);
    },
    kept: (was, is) => pair.follow(was, is, 'direct'),
  });
}

function comparePatterns(pair: Pair): void {
  const { before, after } = pair;
  const keyword = 'patternProperties';
  byName(mapAt(before, keyword), mapAt(after, keyword), {
    added: (place) => {
      const effect = declaringPattern(pair, before, place.json);
      pair.report('pattern-property-added', keywordPlace(before, keyword), place, effect);
    },
    removed: (place) => {
      const effect = inverse(declaringPattern(pair, after, place.json));
      pair.report('pattern-property-removed', place, keywordPlace(after, keyword), effect);
    },
    kept: (was, is) => pair.follow(was, is, 'direct'),
  });
}

function compareNames(pair: Pair): void {
  const [was, is] = [pair.before, pair.after].map((reading) => schemaAt(reading, 'propertyNames'));
  const [wasOpen, isOpen] = [was, is].map((place) => place === undefined || isAnything(place.json));
  if (was !== undefined && is !== undefined && wasOpen === isOpen) pair.follow(was, is, 'direct');
  else if (is !== undefined && isOpen === false) {
    pair.report('property-names-added', was ?? pair.before.place, is, 'narrows');
  } else if (was !== undefined && wasOpen === false) {
    pair.report('property-names-removed', was, is ?? pair.after.place, 'widens');
  }
}

/** Names that another makes required, and schemas that it brings in, under whichever keyword. */
interface Dependencies {
  readonly names: ReadonlyMap<string, Place>;
  readonly schemas: ReadonlyMap<string, Place>;
}

function dependenciesOf(reading: Reading): Dependencies {
  const names: [string, Place][] = [];
  const schemas: [string, Place][] = [];
  for (const keyword of ['dependencies', 'dependentSchemas', 'dependentRequired']) {
    for (const [trigger, place] of mapAt(reading, keyword)) {
      const { json } = place;
      if (!isArray(json)) schemas.push([trigger, place]);
      else {
        for (const [index, name] of json.entries()) {
          names.push([JSON.stringify([trigger, name]), step(place, index, name)]);
        }
      }
    }
  }
  return { names: new Map(names), schemas: new Map(schemas) };
}

function compareDependencies(pair: Pair): void {
  const [was, is] = [dependenciesOf(pair.before), dependenciesOf(pair.after)];
  byName(was.names, is.names, {
    added: (place) =>
      pair.report('dependent-required-added', dependencyPlace(pair.before, place), place, 'narrows'),
    removed: (place) =>
      pair.report('dependent-required-removed', place, dependencyPlace(pair.after, place), 'widens'),
  });
  byName(was.schemas, is.schemas, {
    added: (place) =>
      pair.report('dependent-schema-added', pair.before.place, place, adding(pair, place.json)),
    removed: (place) =>
      pair.report('dependent-schema-removed', place, pair.after.place, inverse(adding(pair, place.json))),
    kept: (before, after) => pair.follow(before, after, 'direct'),
  });
}

/** Where the other document says what a name depends on; the schema when it says nothing of that trigger. */
function dependencyPlace(reading: Reading, { parent }: Place): Place {
  const trigger = parent?.token ?? '';
  return (
    ['dependentRequired', 'dependencies']
      .map((keyword) => mapAt(reading, keyword).get(trigger))
      .find((place) => place !== undefined) ?? reading.place
  );
}

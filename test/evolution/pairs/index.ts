import { annotations } from './annotations.ts';
import { arrays } from './arrays.ts';
import { branches } from './branches.ts';
import { conditions } from './conditions.ts';
import { configs } from './configs.ts';
import { contains } from './contains.ts';
import { content } from './content.ts';
import { counts } from './counts.ts';
import { dependent } from './dependent.ts';
import { drafts } from './drafts.ts';
import { enumerations } from './enumerations.ts';
import { exclusive } from './exclusive.ts';
import { impossible } from './impossible.ts';
import { multiples } from './multiples.ts';
import { numbers } from './numbers.ts';
import type { Pair } from './pair.ts';
import { patterns } from './patterns.ts';
import { properties } from './properties.ts';
import { recursion } from './recursion.ts';
import { references } from './references.ts';
import { required } from './required.ts';
import { services } from './services.ts';
import { strings } from './strings.ts';
import { tuples } from './tuples.ts';
import { types } from './types.ts';
import { unevaluated } from './unevaluated.ts';

export type { Pair } from './pair.ts';

/** Pairs of schemas, labelled by what validation means and not by what the engine says. */
export const pairs: readonly Pair[] = [
  ...numbers,
  ...multiples,
  ...types,
  ...enumerations,
  ...strings,
  ...patterns,
  ...properties,
  ...content,
  ...required,
  ...dependent,
  ...counts,
  ...arrays,
  ...tuples,
  ...contains,
  ...branches,
  ...exclusive,
  ...conditions,
  ...references,
  ...recursion,
  ...unevaluated,
  ...impossible,
  ...drafts,
  ...annotations,
  ...services,
  ...configs,
];

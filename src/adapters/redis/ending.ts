import type { Fault } from '../../core/evidence.ts';
import type { Phrase } from '../../core/phrase.ts';

/** Whether the same attempt may succeed a moment later: a few more are worth it, or all that there is time for. */
export type Again = 'never' | 'briefly' | 'patiently';

/** What a fault says, short enough to stand in a list. */
export type Ending = readonly [reason: Fault['reason'], phrase: Phrase, advice: Phrase, again?: Again];

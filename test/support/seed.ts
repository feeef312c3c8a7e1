import fc from 'fast-check';

/**
 * Generated cases are the same in every run, so that a change is judged by what it changes. `FUZZ_SEED=random` looks
 * for new ones; a counterexample found so becomes a case of its own.
 */
const { FUZZ_SEED = '20261123' } = process.env;
if (FUZZ_SEED !== 'random') fc.configureGlobal({ seed: Number(FUZZ_SEED) });

import { defineConfig } from 'vitest/config';
import { shippedValidators } from './script/shipped-validators.ts';

export default defineConfig({
  plugins: [shippedValidators()],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    // Most tests wait for servers and processes: one worker less than there are processors leaves them idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that was left focused would let all others pass unseen.
    allowOnly: false,
  },
});

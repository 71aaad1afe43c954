import fc from 'fast-check';

/** fast-check prints the seed of a failed property; `TEST_SEED=n` repeats it. */
fc.configureGlobal({ seed: Number(process.env['TEST_SEED']) });

import fc from 'fast-check';

/** fast-check prints the seed of a property that fails; `TEST_SEED=n` takes it back. */
fc.configureGlobal({ seed: Number(process.env['TEST_SEED']) });

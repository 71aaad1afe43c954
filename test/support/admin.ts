/** The admin of every test server. */
export const ADMIN = { email: 'admin@example.org', password: 'a password for tests' };

/** Password hashes at argon2's minimum: at their real cost they would take most of the processor time of many tests. */
export const CHEAP_HASHES = { memoryCost: 8, timeCost: 1 };

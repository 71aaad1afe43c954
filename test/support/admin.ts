/** The admin of every test server. */
export const ADMIN = { email: 'admin@example.org', password: 'a password for tests' };

/** The environment does not make a configuration: says which name and why, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad_config';
}

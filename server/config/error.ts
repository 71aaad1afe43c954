/** Invalid configuration: names the setting and the reason, never the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad_config';
}

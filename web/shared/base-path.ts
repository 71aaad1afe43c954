/** Path prefix of this server (`BASE_PATH`), which it writes into its pages; empty without one. */
export const basePath = (globalThis as { document?: Document }).document?.documentElement.dataset['basePath'] ?? '';

/** A path of this server as the browser requests it. @param path begins with a slash */
export const at = (path: string): string => basePath + path;

/** URL of this server, with its prefix. */
export const serverUrl = (): string => location.origin + basePath;

import { FetchFailure } from './failure.ts';
import type { PartFile, Validator } from './part-file.ts';
import { request } from './request.ts';
import { Watchdog } from './watchdog.ts';

/** Expected file at a URL. */
export interface Expected {
  readonly url: string;
  readonly bytes: number;
}

export interface DownloadOptions {
  /** Time without a byte after which a download is aborted. */
  readonly stallMs: number;
  readonly progress?: (received: number, total: number) => void;
}

/**
 * Appends the missing bytes of the file at a URL to `part`, up to the expected size. A server that does not resume, or
 * whose file has changed, restarts the download.
 * @throws FetchFailure; `too_long` and `too_short` if the size differs, all others may be retried
 */
export async function download(
  expected: Expected,
  part: PartFile,
  { stallMs, progress }: DownloadOptions,
): Promise<void> {
  if (part.size > expected.bytes || part.validator?.url !== expected.url) await part.reset(undefined);
  if (part.size === expected.bytes) return;
  const watchdog = new Watchdog(stallMs);
  try {
    const response = await open(expected, part, watchdog.signal);
    watchdog.heard();
    await receive(response, expected, part, () => {
      watchdog.heard();
      progress?.(part.size, expected.bytes);
    });
  } catch (error) {
    if (error instanceof FetchFailure) throw error;
    if (watchdog.signal.aborted) throw watchdog.signal.reason;
    throw new FetchFailure('network', `${expected.url}: ${reasonOf(error)}`, { cause: error });
  } finally {
    watchdog.stop();
  }
}

/** Response whose body continues the part, which is truncated for a restart. */
async function open(expected: Expected, part: PartFile, signal: AbortSignal): Promise<Response> {
  const { validator, size } = part;
  const headers = validator && size > 0 ? { range: `bytes=${size}-`, 'if-range': validator.ifRange } : undefined;
  const response = await request(expected.url, headers ?? {}, signal);
  if (
    response.status === 206 &&
    response.headers.get('content-range') === `bytes ${size}-${expected.bytes - 1}/${expected.bytes}`
  ) {
    return response;
  }
  if (headers && (response.status === 206 || response.status === 416)) {
    await response.body?.cancel();
    await part.reset(undefined);
    return open(expected, part, signal);
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new FetchFailure(
      'http_status',
      `${expected.url} answers ${response.status} ${response.statusText}`.trimEnd(),
    );
  }
  await part.reset(validatorOf(expected.url, response.headers));
  return response;
}

async function receive(response: Response, { url, bytes }: Expected, part: PartFile, heard: () => void): Promise<void> {
  const announced = Number(response.headers.get('content-length') ?? Number.NaN) + part.size;
  if (announced > bytes) await response.body?.cancel();
  if (announced > bytes)
    throw new FetchFailure('too_long', `${url} has ${announced} bytes, not the ${bytes} of the manifest`);
  for await (const chunk of response.body ?? []) {
    if (part.size + chunk.length > bytes)
      throw new FetchFailure('too_long', `${url} has more than the ${bytes} bytes of the manifest`);
    await part.append(chunk);
    heard();
  }
  if (part.size < bytes)
    throw new FetchFailure('too_short', `${url} has ${part.size} bytes, not the ${bytes} of the manifest`);
}

/** A weak ETag means equivalent content, not equal bytes (RFC 9110, 13.1.5). */
function validatorOf(url: string, headers: Headers): Validator | undefined {
  const etag = headers.get('etag');
  const ifRange = etag?.startsWith('"') ? etag : headers.get('last-modified');
  return ifRange ? { url, ifRange } : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message
    ? `${error.message} (${error.cause.message})`
    : error.message;
}

const TIMEOUT_MS = 5000;

/** Metrics of a server, by name and labels in Prometheus's text format. */
export class ServerMetrics {
  readonly #values: ReadonlyMap<string, number>;

  constructor(text: string) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.#values = new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    );
  }

  /**
   * Sends METRICS_TOKEN of this process's environment, which a server in production requires. @throws Error if the
   * server does not answer in time or not with metrics
   */
  static async read(url: string): Promise<ServerMetrics> {
    const token = process.env['METRICS_TOKEN'];
    const response = await fetch(`${url}/metrics`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(
        `GET /metrics: ${response.status}${response.status === 404 ? '; in production, set METRICS_TOKEN of the server in the environment of this command' : ''}`,
      );
    }
    return new ServerMetrics(await response.text());
  }

  /** Sum over all samples whose name and labels begin so: `name`, `name{step="decode"}`; 0 without any. */
  sum(name: string): number {
    return [...this.#values].reduce(
      (sum, [key, value]) => (key === name || key.startsWith(`${name}{`) ? sum + value : sum),
      0,
    );
  }

  /** Values of one name with a single label, by the value of that label. */
  byLabel(name: string): Map<string, number> {
    return new Map(
      [...this.#values].flatMap(([key, value]) => {
        const label = key.startsWith(`${name}{`) ? /="([^"]*)"/.exec(key)?.[1] : undefined;
        return label === undefined ? [] : [[label, value] as const];
      }),
    );
  }

  /** Time spent by the workers on images: decoding, detector, pose and gaze, ms. */
  get inferenceMs(): number {
    return this.sum('invigil_inference_seconds_sum') * 1000;
  }
}

import type { Figure } from '../simulator/report/figure.ts';

/** What a benchmark is asked for on the command line; each takes what concerns it. */
export interface BenchOptions {
  /** Seconds of each measured stretch; the benchmark's own default without it. */
  readonly secs: number | undefined;
  /** Folder of JPEG files; drawn ones without it. */
  readonly frames: string | undefined;
  readonly sessions: number | undefined;
  /** Frames a second of each session. */
  readonly fps: number | undefined;
  /** Folder of labelled pictures. */
  readonly data: string | undefined;
  /** At most so many pictures, for a quick look. */
  readonly limit: number | undefined;
  /** How often each stretch is measured; the median counts. */
  readonly rounds?: number | undefined;
  /** Another server to compare with: its URL, or its folder. */
  readonly peer?: string | undefined;
  readonly peerPid?: number | undefined;
  /** What `ownOptions` names, as it was written. */
  readonly own?: Readonly<Record<string, string | undefined>>;
  /** Aborts when somebody wants the end of a benchmark that `stopsEarly`. */
  readonly stop?: AbortSignal;
}

export interface BenchResult {
  /** What it was measured on: whoever compares two results compares these first. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
  /** Shown instead of a plain table of the figures. */
  readonly text?: string;
  /** What went wrong, in words; the figures are then not to be trusted. */
  readonly errors: readonly string[];
  /** False: measured, and found wanting. */
  readonly ok?: boolean;
  /** Stands in the JSON file besides the figures, under these names. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface Benchmark {
  readonly name: string;
  /** One line. */
  readonly about: string;
  /** Options that no other benchmark takes, each with a value: the usage's line of each by its name. */
  readonly ownOptions?: Readonly<Record<string, string>>;
  /** It ends by itself soon after `stop`, with what it has measured; others are cut off. */
  readonly stopsEarly?: boolean;
  run(options: BenchOptions, say: (line: string) => void): Promise<BenchResult>;
}

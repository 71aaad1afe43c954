import type { Figure } from '../simulator/report/figure.ts';

/** Command line options of a benchmark; each uses those relevant to it. */
export interface BenchOptions {
  /** Duration of each measurement, seconds; default: the benchmark's own. */
  readonly secs: number | undefined;
  /** Folder of JPEG files; default: drawn frames. */
  readonly frames: string | undefined;
  readonly sessions: number | undefined;
  /** Frames per second of each session. */
  readonly fps: number | undefined;
  /** Folder of labelled pictures. */
  readonly data: string | undefined;
  /** Maximum number of images, for a quick run. */
  readonly limit: number | undefined;
  /** Repetitions of each measurement; the median is reported. */
  readonly rounds?: number | undefined;
  /** Another server to compare with: its URL, or its folder. */
  readonly peer?: string | undefined;
  readonly peerPid?: number | undefined;
  /** Arguments after the name, for a benchmark that takes `ownArguments`. */
  readonly args?: readonly string[];
  /** Values of `ownOptions`, unparsed. */
  readonly own?: Readonly<Record<string, string | undefined>>;
  /** Aborts to end a benchmark that `stopsEarly`. */
  readonly stop?: AbortSignal;
}

export interface BenchResult {
  /** Input and conditions of the measurement; to be compared before comparing results. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
  /** Text shown instead of a plain table of the figures. */
  readonly text?: string;
  /** Error messages; they invalidate the figures. */
  readonly errors: readonly string[];
  /** False: measured, but requirements are not met. */
  readonly ok?: boolean;
  /** Additional fields of the JSON file. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface Benchmark {
  readonly name: string;
  /** One line. */
  readonly about: string;
  /** Options of this benchmark only, each with a value: their usage lines by name. */
  readonly ownOptions?: Readonly<Record<string, string>>;
  /** Usage line of arguments after the name; without one none are taken. */
  readonly ownArguments?: string;
  /** Ends soon after `stop` with the measurements so far; other benchmarks are interrupted. */
  readonly stopsEarly?: boolean;
  run(options: BenchOptions, say: (line: string) => void): Promise<BenchResult>;
}

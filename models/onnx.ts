import './no-telemetry.ts';
import ort from 'onnxruntime-node';

/**
 * One thread per session: the host runs one worker thread per core, so more would only compete. `all` includes layout
 * changes for the CPU's vector units.
 */
const OPTIONS: ort.InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

export type TensorData = Uint8Array | Float32Array;

/** A network and its session. Not for concurrent use: one `run` at a time. */
export class OnnxModel {
  readonly #session: ort.InferenceSession;

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async load(weights: Uint8Array): Promise<OnnxModel> {
    return new OnnxModel(await ort.InferenceSession.create(weights, OPTIONS));
  }

  /** In the order of the graph. */
  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** Uses `data` as the tensor's own memory: writes to it change the input of the next run. */
  static tensor(data: TensorData, shape: readonly number[]): ort.Tensor {
    return data instanceof Uint8Array ? new ort.Tensor('uint8', data, shape) : new ort.Tensor('float32', data, shape);
  }

  /** All outputs by name, row-major. All outputs of the networks here are float32. */
  async run(input: ort.Tensor): Promise<(output: string) => Float32Array> {
    const results = await this.#session.run({ [this.#session.inputNames[0]!]: input });
    return (output) => {
      const data = results[output]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`the network has no float32 output ${output}`);
      return data;
    };
  }
}

export type Tensor = ort.Tensor;

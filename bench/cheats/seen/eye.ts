import { crc32 } from 'node:zlib';
import { look, type Pipeline } from '../../../models/analyse.ts';
import { JpegDecoder } from '../../../models/decode.ts';
import { checkModels, openPipeline } from '../../../models/load.ts';
import { shippedFolder } from '../../../models/manifest.ts';
import type { Shot } from '../script.ts';

/** The server's models, in this process. */
export class Eye {
  readonly #pipeline: Pipeline;

  private constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  static async open(): Promise<Eye> {
    const models = await checkModels({ folders: [shippedFolder()], face: 'own', gaze: 'own' });
    return new Eye(await openPipeline(models, new JpegDecoder()));
  }

  async see(jpeg: Uint8Array): Promise<Shot> {
    const { detection } = await look(this.#pipeline, jpeg);
    return { detection, digest: crc32(jpeg) };
  }
}

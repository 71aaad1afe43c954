import { generateKeyPairSync, randomFillSync, sign } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { encodeEntry, NO_HASH, saltedDigest } from '../../db/audit-hash.ts';
import { formatCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { formatNote, formatVerifierKey, keyIdOf, type VerifierKey } from '../../protocol/audit/signed-note.ts';
import { RunningTree } from '../../server/audit/export/running-tree.ts';
import type { ExportedEntry, ExportSource } from '../../server/audit/export/source.ts';
import { leafHash, sha256 } from '../../server/audit/tree/hashes.ts';

export interface GeneratedLogOptions {
  readonly leaves: number;
  /** Sessions that run at the same time, each with a chain of its own. */
  readonly sessions: number;
  /** Entries of a session; then another one begins. */
  readonly entriesASession: number;
  /** Leaves between two checkpoints. */
  readonly checkpointEvery: number;
}

/** As on a busy server. */
export const BUSY_LOG = { sessions: 1000, entriesASession: 200, checkpointEvery: 1000 };

const ORIGIN = 'invigil.example/generated';
const BATCH = 500;
const SALT_BYTES = 32;
/** Length of an Ed25519 public key in DER, before its bytes. */
const SPKI_BYTES = 12;

interface Chain {
  readonly id: string;
  position: number;
  hash: Uint8Array;
}

interface Signer {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly sign: (text: string) => Uint8Array;
}

/** A log of events such as a server stores, made while it is written: with a signing key of its own. */
export class GeneratedLog {
  /** Verifier key. */
  readonly key: string;
  /** All that were signed, once the entries have been read. */
  readonly notes: string[] = [];
  readonly #options: GeneratedLogOptions;
  readonly #signer: Signer;

  private constructor(options: GeneratedLogOptions, key: string, signer: Signer) {
    this.key = key;
    this.#options = options;
    this.#signer = signer;
  }

  static async create(options: GeneratedLogOptions): Promise<GeneratedLog> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key: VerifierKey = {
      name: ORIGIN,
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_BYTES),
    };
    return new GeneratedLog(options, await formatVerifierKey(key, sha256), {
      name: ORIGIN,
      keyId: await keyIdOf(key, sha256),
      sign: (text) => sign(null, Buffer.from(text), privateKey),
    });
  }

  /** To be read once. */
  source(): ExportSource {
    const { leaves } = this.#options;
    const entries = () => this.#entries();
    const { notes } = this;
    return {
      header: { origin: ORIGIN, key: this.key, size: leaves, kind: 'full', exportedAt: new Date().toISOString() },
      entries,
      async *checkpoints() {
        yield* notes;
      },
    };
  }

  async *#entries(): AsyncGenerator<ExportedEntry[]> {
    const { leaves, sessions, entriesASession, checkpointEvery } = this.#options;
    const tree = new RunningTree();
    const chains = Array.from({ length: sessions }, newChain);
    for (let batch: ExportedEntry[] = []; tree.size < leaves;) {
      const turn = tree.size % sessions;
      // They do not all begin at the same moment.
      if (chains[turn]!.position === entriesASession + (turn % 50)) chains[turn] = newChain();
      const entry = nextEntry(chains[turn]!, tree.size);
      tree.push(entry.hash);
      batch.push(entry);
      if (tree.size % checkpointEvery === 0 || tree.size === leaves) this.#checkpoint(tree);
      if (batch.length === BATCH || tree.size === leaves) {
        yield batch;
        batch = [];
      }
    }
  }

  #checkpoint(tree: RunningTree): void {
    const text = formatCheckpoint({ origin: ORIGIN, size: tree.size, root: tree.root() });
    const { name, keyId } = this.#signer;
    this.notes.push(formatNote({ text, signatures: [{ name, keyId, signature: this.#signer.sign(text) }] }));
  }
}

const newChain = (): Chain => ({ id: uuidv7(), position: 0, hash: NO_HASH });

function nextEntry(chain: Chain, index: number): ExportedEntry {
  const [salt, digests] = [randomFillSync(Buffer.alloc(SALT_BYTES)), randomFillSync(Buffer.alloc(5 * 32))];
  chain.position += 1;
  // Three to five events, as a commit holds of one session.
  const events = Array.from({ length: 3 + (index % 3) }, (_, i) => ({
    seq: chain.position * 4 + i,
    offset: chain.position * 5 + i,
    digest: digests.toString('base64url', i * 32, (i + 1) * 32),
  }));
  const bytes = Buffer.from(JSON.stringify({ events }), 'utf8');
  const entry = encodeEntry({
    id: uuidv7(),
    entity_type: 'session',
    entity_id: chain.id,
    position: chain.position,
    event_type: 'EVENTS_STORED',
    actor: null,
    at: new Date(1_767_261_600_000 + index * 10),
    digest: saltedDigest('payload', salt, bytes),
    prev_hash: chain.hash,
  });
  chain.hash = leafHash(entry);
  return { index, hash: chain.hash, entry, payload: { salt, bytes } };
}

import { Worker } from 'node:worker_threads';

/**
 * The inference host with a fault of native code in it, for tests. It is forked in place of `models/host.js` by `Overrides.inferenceHost` and in no other way; the compiled server
 * knows nothing of it. A frame whose comment names a fault (`withFault` in `faulty-frames.ts`) brings it about at the moment when a thread would begin to look at it:
 *   segv    the process dies by SIGSEGV
 *   spin    a thread of the process spins, and the frame is never answered
 *   stall   the process itself spins: it answers nothing any more
 */
const MARK = Buffer.from('invigil-test-fault:');

function faultOf(jpeg) {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const at = bytes.indexOf(MARK);
  return at < 0 ? undefined : bytes.toString('latin1', at + MARK.length, bytes.indexOf(0, at));
}

const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function post(message, transfer) {
  switch (message?.type === 'analyse' ? faultOf(message.jpeg) : undefined) {
    case 'segv':
      process.kill(process.pid, 'SIGSEGV');
      return;
    case 'spin':
      postMessage.call(new Worker('require("node:worker_threads").parentPort.once("message", () => { for (;;); });', { eval: true }), 'spin');
      return;
    case 'stall':
      for (;;);
    default:
      postMessage.call(this, message, transfer);
  }
};

await import('../../dist/models/host.js');

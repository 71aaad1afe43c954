import { isMainThread } from 'node:worker_threads';

/**
 * Imported before the runtime is loaded. Since 1.29 the official builds of ONNX Runtime send telemetry to their vendor
 * by default: a machine identifier, sessions, digests and names of models. With this variable nothing is set up, stored
 * or sent. A thread has only a copy of the environment, which native code does not see: its process must have set it
 * before.
 */
const NAME = 'ORT_DISABLE_TELEMETRY';

if (isMainThread) process.env[NAME] = '1';
else if (process.env[NAME] !== '1') throw new Error(`${NAME}=1 is not set in the process that started this thread`);

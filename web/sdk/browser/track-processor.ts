/**
 * MediaStreamTrackProcessor: in Chromium on pages, in Safari (and by the standard) in workers. TypeScript's DOM types
 * lack it.
 */
export type TrackProcessorConstructor = new (options: { track: MediaStreamTrack; maxBufferSize?: number }) => {
  readonly readable: ReadableStream<VideoFrame>;
};

export function pageProcessor(): TrackProcessorConstructor | undefined {
  return (globalThis as { MediaStreamTrackProcessor?: TrackProcessorConstructor }).MediaStreamTrackProcessor;
}

/**
 * For tests of programs that use katamari: a provider that says what it is told to, a clock that stands still, recordings of real hosts, and
 * answers as the vendors' protocols stream them.
 *
 * @module
 */
export type {
  Cassette,
  RecordedChunk,
  RecordedExchange,
  RecordedRequest,
  RecordedResponse,
} from './cassette/cassette.ts';
export type { CassetteFetch } from './cassette/cassette-fetch.ts';
export { record, type Recorder, type RecordOptions } from './cassette/record.ts';
export { replay, type Replayer, type ReplayOptions } from './cassette/replay.ts';
export { encodeAnswer } from './encode-answer.ts';
export { FakeClock } from './fake-clock.ts';
export type { Framing } from './frame-events.ts';
export {
  providerError,
  scriptedProvider,
  type Script,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  type ScriptSource,
} from './scripted-provider.ts';
export type { Protocol, WireAnswer } from './wire-answer.ts';
export { runContext } from './run-context.ts';

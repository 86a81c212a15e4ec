/**
 * For tests of programs that use katamari: a provider that says what it is told to, and a clock that stands still.
 *
 * @module
 */
export { FakeClock } from './fake-clock.ts';
export {
  providerError,
  scriptedProvider,
  type Script,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  type ScriptSource,
} from './scripted-provider.ts';

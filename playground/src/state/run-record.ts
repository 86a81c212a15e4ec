import type { ChainEvent, Message } from 'katamari';
import type { Recorder } from 'katamari/testing';

import type { RunBody } from '../api/run-body.ts';
import type { Setup } from './setup.ts';

/** What an export needs of a run, besides what the screen shows. */
export interface RunRecord {
  readonly setup: Setup;
  /** The persona as YAML, as it was when the run began; empty without one. */
  readonly yaml: string;
  /** What was asked of the server. */
  readonly body: RunBody;
  readonly messages: readonly Message[];
  /** Grows while the run goes on. */
  readonly events: ChainEvent[];
  /** The exchange with the server, byte for byte. */
  readonly recorder: Recorder;
}

import type { ProtocolEncoder } from '../wire-answer.ts';
import type { Reply } from './loopback-server.ts';
import { withScene, type Scene, type SceneSetup } from './scene.ts';

/** What a check is about. */
export type ConformanceTopic =
  | 'contract'
  | 'request'
  | 'answer'
  | 'framing'
  | 'delivery'
  | 'ending'
  | 'garbage'
  | 'status'
  | 'silence'
  | 'leaving'
  | 'load';

/** One thing that an adapter must do, to be handed to a test runner: `it(check.name, check.run)`. */
export interface ConformanceCheck {
  readonly topic: ConformanceTopic;
  /** Unique among the checks of an adapter; begins with the topic. */
  readonly name: string;
  /**
   * Sets up a server of its own, looks, and leaves nothing open. Checks may run side by side.
   *
   * @throws AssertionError with what was expected and what was seen
   */
  readonly run: () => Promise<void>;
}

/** What the checks of a protocol are made with. */
export interface WireKit {
  readonly setup: SceneSetup;
  readonly encoder: ProtocolEncoder;
}

/** Makes the checks of one topic. */
export function checkMaker(
  topic: ConformanceTopic,
  setup: SceneSetup,
): (what: string, reply: Reply, look: (scene: Scene) => Promise<void>) => ConformanceCheck {
  return (what, reply, look) => ({
    topic,
    name: `${topic}: ${what}`,
    run: () => withScene(setup, reply, look),
  });
}

import type { Role } from '../../message.ts';

/** What is kept or left as one: a message, or messages that must not be parted. */
export interface RelevantUnit {
  /** What is searched: the text of the message, or of all of them. */
  readonly text: string;
  /** About how many tokens the text has. @defaultValue `aboutTokens(text)` */
  readonly tokens?: number | undefined;
  /** Who says it. In a group the first message's. */
  readonly role?: Role | undefined;
  /** The speaker's name. `undefined` takes a name that stands before the text, as in `Anna: hello`. */
  readonly name?: string | undefined;
  /**
   * Keeps the unit whatever it says: the system prompt, pinned messages, the current turn. Such a unit is not searched, and what stands
   * beside it gains nothing from it. @defaultValue false
   */
  readonly mustKeep?: boolean | undefined;
}

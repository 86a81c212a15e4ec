/** A wire body, and what could not be said in it. */
export interface WireRequest {
  readonly body: Readonly<Record<string, unknown>>;
  /** Keys of `providerOptions[provider]` that are not on the list and were not sent. */
  readonly ignored: readonly string[];
  /** Settings of the request that the model or the protocol does not take, and which were not sent, for example `temperature`. */
  readonly dropped?: readonly string[];
}

/** What a call gives before it is awaited: the client's own raw response. */
export interface RawAnswer {
  /** The response as `fetch` gives it. */
  asResponse(): Promise<Response>;
}

/** Who asks, as far as tracing goes; goes into `chain.stream({ …requestIds(request), messages })` as it is. */
export interface RequestIds {
  /** From `X-Request-Id`, else a random UUID. */
  readonly req_id: string;
  /** From `traceparent`, where a valid one is there. */
  readonly traceparent?: string;
}

/** 1 to 128 characters that are safe in a header, a path, a log line and a key. */
const ID = /^[\w.:-]{1,128}$/;

/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace id, parent id, flags; ids of zeros only are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The ids that a request brings. What is not valid is taken as not sent: an id of a stranger is never worth an error. */
export function requestIds(request: { readonly headers: Headers }): RequestIds {
  const asked = request.headers.get('x-request-id')?.trim() ?? '';
  const traceparent = request.headers.get('traceparent')?.trim() ?? '';
  return {
    // A path would swallow an id of dots only.
    req_id: ID.test(asked) && !/^\.+$/.test(asked) ? asked : crypto.randomUUID(),
    ...(TRACEPARENT.test(traceparent) && { traceparent }),
  };
}

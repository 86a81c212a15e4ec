/** Which pages of other sites may call the server from a browser. */
export interface CorsOptions {
  /** Origins such as `https://app.example.com`, or `'*'` for all. */
  readonly origins: readonly string[] | '*';
  /** How long a browser may remember the answer to its question, in seconds. @defaultValue 600 */
  readonly maxAgeS?: number;
}

const EXPOSED = 'X-Request-Id, Content-Location, Retry-After, Traceparent';
const HEADER_NAMES = /^[\w\-, ]{1,2000}$/;

/** The headers that let a page of another site read the answer; none where it may not. */
export function corsHeaders(
  request: Request,
  cors: CorsOptions | undefined,
): Readonly<Record<string, string>> {
  const origin = request.headers.get('origin');
  if (cors === undefined || origin === null || !isAllowed(origin, cors)) return {};
  return {
    'access-control-allow-origin': cors.origins === '*' ? '*' : origin,
    'access-control-expose-headers': EXPOSED,
    ...(cors.origins !== '*' && { vary: 'Origin' }),
  };
}

/** The answer to a browser that asks before it calls; `undefined` where it is no such question, or the origin may not call. */
export function preflight(
  request: Request,
  cors: CorsOptions | undefined,
  methods: readonly string[],
): Response | undefined {
  const headers = corsHeaders(request, cors);
  const isQuestion = request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
  if (!isQuestion || headers['access-control-allow-origin'] === undefined) return undefined;
  const asked = request.headers.get('access-control-request-headers') ?? '';
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': methods.join(', '),
      ...(HEADER_NAMES.test(asked) && { 'access-control-allow-headers': asked }),
      'access-control-max-age': String(cors?.maxAgeS ?? 600),
    },
  });
}

function isAllowed(origin: string, { origins }: CorsOptions): boolean {
  return origins === '*' || origins.includes(origin);
}

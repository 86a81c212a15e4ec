import { asNumber, asRecord, asText, type JsonRecord } from './json-record.ts';

/** What an error body says, in one shape for all vendors. */
export interface VendorError {
  /** The vendor's text, `''` where there is none. */
  readonly message: string;
  /** The vendor's words for it, the most telling first: code, type, status, reasons of the details. */
  readonly words: readonly string[];
  /** An HTTP status that the body names, where it does. */
  readonly status: number | undefined;
  /** What the body asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
}

/**
 * Reads the error bodies of all the vendors; `null` where nothing in it looks like an error.
 *
 * OpenAI and most others `{error:{message,type,code}}`; Anthropic `{type:'error',error:{…},request_id}`; Google
 * `{error:{code,message,status,details}}`, also inside an array; Ollama and xAI `{error:'text'}`; Mistral and FastAPI `{detail}`; vLLM
 * `{object:'error',message}`; DashScope and AWS `{code,message}`; Cloudflare `{errors:[…]}`.
 */
export function readVendorError(json: unknown): VendorError | null {
  const body = asRecord(Array.isArray(json) ? json[0] : json);
  if (body === undefined) return null;
  const inner =
    asRecord(body['error']) ?? asRecord(Array.isArray(body['errors']) ? body['errors'][0] : undefined);
  const text = asText(body['error']);
  const message = inner === undefined ? (text ?? messageOf(body)) : messageOf(inner);
  if (inner === undefined && message === undefined) return null;
  const source = inner ?? body;
  const details = detailsOf(source['details']);
  return {
    message: withUpstream(message ?? '', asRecord(source['metadata'])),
    words: [...wordsOf(source), ...details.reasons],
    status: statusOf(source),
    retryAfterMs: details.retryAfterMs,
    requestId: asText(body['request_id']) ?? asText(source['request_id']),
  };
}

/** True where an object inside a stream, or a whole 200 answer, is an error by its own mark. */
export function isVendorError(body: JsonRecord): boolean {
  const error = body['error'];
  if (error !== undefined && error !== null && error !== '' && error !== false) return true;
  return body['object'] === 'error' || body['type'] === 'error';
}

function messageOf(source: JsonRecord): string | undefined {
  const message = source['message'] ?? source['detail'] ?? source['msg'] ?? source['error_msg'];
  if (typeof message === 'string') return message;
  const nested = asRecord(message)?.['detail'] ?? message;
  if (!Array.isArray(nested)) return asText(asRecord(nested)?.['message']);
  const parts = nested.map((item) => asText(asRecord(item)?.['msg'])).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** Gateways hide the reason behind «Provider returned error»; what the host behind them said stands in `metadata.raw`. */
function withUpstream(message: string, metadata: JsonRecord | undefined): string {
  const raw = metadata?.['raw'];
  const upstream =
    typeof raw === 'string' ? raw : raw === undefined || raw === null ? '' : JSON.stringify(raw);
  return upstream === '' ? message : `${message}: ${upstream}`;
}

function wordsOf(source: JsonRecord): string[] {
  const inner = asRecord(source['innererror']);
  const found = [source['code'], source['type'], source['status'], inner?.['code'], source['error_type']];
  return found.filter(
    (word): word is string => typeof word === 'string' && word !== '' && !/^\d+$/.test(word),
  );
}

function statusOf(source: JsonRecord): number | undefined {
  for (const field of ['status_code', 'code', 'status', 'http_code']) {
    const value = source[field];
    const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : asNumber(value);
    if (status !== undefined && status >= 400 && status < 600) return status;
  }
  return undefined;
}

/** Google's details: reasons, exhausted quotas by id, and a wait written as a duration such as `34.4s`. */
function detailsOf(details: unknown): { reasons: string[]; retryAfterMs: number | undefined } {
  const reasons: string[] = [];
  let retryAfterMs: number | undefined;
  for (const item of Array.isArray(details) ? details : []) {
    const detail = asRecord(item);
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asText(detail?.['retryDelay']) ?? '')?.[1];
    if (seconds !== undefined) retryAfterMs = Math.ceil(Number(seconds) * 1000);
    const violations = detail?.['violations'];
    for (const violation of Array.isArray(violations) ? violations : []) {
      const quota = asText(asRecord(violation)?.['quotaId']);
      if (quota !== undefined) reasons.push(quota);
    }
    const reason = asText(detail?.['reason']);
    if (reason !== undefined) reasons.push(reason);
  }
  return { reasons, retryAfterMs };
}

import type { Persona } from './persona.ts';

/**
 * A fingerprint of a persona: 16 hexadecimal digits, the same for the same content whatever the order of its keys. It says which text was
 * behind an answer, from a log line or a span; it is no proof against forgery.
 */
export function personaHash(persona: Persona): string {
  const text = JSON.stringify(persona, (_key, value: unknown) => sorted(value));
  // Two sums of 32 bits, since JavaScript multiplies no larger numbers exactly.
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  // A unit at the end must change all digits, too.
  const x = mix(a) ^ mix(b + text.length);
  return hex(x) + hex(mix(b ^ Math.imul(x, 3266489909)));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function mix(sum: number): number {
  const once = Math.imul(sum ^ (sum >>> 16), 2246822507);
  const twice = Math.imul(once ^ (once >>> 13), 3266489909);
  return twice ^ (twice >>> 16);
}

function hex(sum: number): string {
  return (sum >>> 0).toString(16).padStart(8, '0');
}

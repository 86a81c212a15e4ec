import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { renderMarkdown } from '../run/markdown.ts';

/** What a model wrote: plain text while it is being written, sanitised Markdown once it is whole. */
export function Prose({ text, whole }: { readonly text: string; readonly whole: boolean }): JSX.Element {
  return whole ? <Rendered key="whole" text={text} /> : <div class="prose prose--raw">{text}</div>;
}

function Rendered({ text }: { readonly text: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(renderMarkdown(text));
  }, [text]);
  return <div ref={place} class="prose" />;
}

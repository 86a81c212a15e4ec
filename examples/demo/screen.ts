import { styleText } from 'node:util';

import type { ChainEvent, MetricsEvent, Provider } from 'katamari';

import { metricsTable } from '../../src/cli/metrics-table.ts';

/** What the demo says before the run. */
export interface Opening {
  readonly title: string;
  readonly question: string;
  readonly messages: number;
  readonly persona: string;
  readonly budget: number;
  readonly provider: Provider;
}

/** Shows a run to a person: phases as they stream, then the figures. In a pipe without colours, with `json` as JSON lines. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #json: boolean;
  readonly #metrics: MetricsEvent[] = [];
  #phase = '';

  constructor(out: NodeJS.WriteStream, { json }: { json: boolean }) {
    this.#out = out;
    this.#json = json;
  }

  opening({ title, question, messages, persona, budget, provider }: Opening): void {
    if (this.#json) return;
    const kind = provider.isLanguageModel
      ? ''
      : ' (extractive: no language model, it quotes the conversation)';
    this.#line(this.#style('bold', `katamari: persona → trim → reflect`));
    this.#line(`conversation  ${title}, ${messages} messages`);
    this.#line(`persona       ${persona}`);
    this.#line(`budget        ${budget} tokens`);
    this.#line(`provider      ${provider.name} / ${provider.model}${kind}`);
    this.#line(`question      ${question}`);
  }

  show(event: ChainEvent): void {
    if (this.#json) return this.#line(JSON.stringify(event));
    if (event.type === 'token') this.#token(event);
    else if (event.type === 'metrics') this.#metrics.push(event);
    else if (event.type === 'critique') this.#line(this.#style('dim', judged(event)));
    else if (event.type === 'answer-choice')
      this.#line(this.#style('dim', `\n\nanswer: the text of call ${event.call} (${event.why})`));
    else if (event.type === 'history-trim' && this.#metrics.length === 0)
      this.#line(this.#style('dim', trimmed(event.messages)));
    else if (event.type === 'issue')
      this.#line(this.#style('yellow', `\n${event.severity}: ${event.message}`));
    else if (event.type === 'attempt-end' && event.outcome === 'failed')
      this.#line(this.#style('red', retried(event)));
    else if (event.type === 'done') this.#done(event.finishReason);
  }

  #token({ phase, text }: Extract<ChainEvent, { type: 'token' }>): void {
    this.#enter(phase);
    this.#out.write(phase === 'final' || phase === 'answer' ? text : this.#style('dim', text));
  }

  #done(finishReason: string): void {
    this.#line(`\n\n${this.#style('bold', `done: ${finishReason}`)}\n`);
    this.#out.write(metricsTable(this.#metrics));
  }

  #enter(phase: string): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#line(`\n\n${this.#style('cyan', `── ${phase} ${'─'.repeat(60 - phase.length)}`)}`);
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`);
  }

  #style(format: Parameters<typeof styleText>[0], text: string): string {
    // Node leaves colours out in a pipe and with NO_COLOR.
    return styleText(format, text, { stream: this.#out });
  }
}

function judged({ judged: call, verdict, score }: Extract<ChainEvent, { type: 'critique' }>): string {
  return `\n\ncritique of call ${call}: ${verdict}${score === null ? '' : `, score ${score}`}`;
}

function trimmed(messages: readonly { readonly fate: string }[]): string {
  const dropped = messages.filter(({ fate }) => fate === 'dropped').length;
  return `\ntrim: ${messages.length - dropped} of ${messages.length} messages kept`;
}

function retried({ error, delayMs }: Extract<ChainEvent, { type: 'attempt-end' }>): string {
  const next = delayMs === null ? 'no further attempt' : `next attempt in ${Math.round(delayMs)} ms`;
  return `\n${error?.code ?? 'error'}: ${error?.message ?? ''} (${next})`;
}
